"""Los módulos que se mudaron, para que `from cursokeras.historia import Historia` siga sirviendo.

`cursokeras` busca también aquí sus módulos. Nadie más dentro del paquete los usa.
"""
