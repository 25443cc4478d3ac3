"""Lo que usan todas las demás habitaciones, y que no sabe nada de ninguna.

`hallazgos` es cómo se dice un problema y `avisos` cómo se muestra, `argumentos` la tabla de los que
se pueden pedir, `filas` que dos datos traigan las mismas, `finitos` que un modelo dé números,
`traduccion` los errores ajenos en español, `archivos` escribir sin perder lo anterior y `lotes` el
orden de las filas.
"""
