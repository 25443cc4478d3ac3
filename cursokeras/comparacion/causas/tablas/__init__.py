"""Las tablas de errores conocidos: una fila es un `Error`, con la cuenta de quien se equivoca."""
