"""Lo que usan todas las demás habitaciones, y que no sabe nada de ninguna.

`hallazgos` es cómo se dice un problema, `argumentos` la tabla de los que se pueden pedir,
`traduccion` los errores ajenos en español, `archivos` escribir sin perder lo anterior y `lotes` el
orden de las filas.
"""
