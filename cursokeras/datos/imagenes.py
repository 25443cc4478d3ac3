"""Fashion-MNIST: fotos de ropa de 28 × 28 puntos, en diez clases."""

from importlib.resources import files

import numpy as np

from cursokeras.datos.conjunto import Conjunto

_CLASES = (
    "camiseta",
    "pantalón",
    "suéter",
    "vestido",
    "abrigo",
    "sandalia",
    "camisa",
    "zapatilla",
    "bolso",
    "botín",
)


def moda(*, completo=False):
    """Fashion-MNIST: imágenes grises de ropa, para clasificar en diez clases.

    Argumentos:
        completo: `False` da 2000 imágenes de entrenamiento y 500 de prueba que vienen con el
            paquete, igual número de cada clase. `True` da las 60 000 y 10 000 originales a través
            de `keras.datasets`, que las descarga la primera vez (unos 30 MB).

    Devuelve:
        `Conjunto` con x (n, 28, 28) float32 entre 0 (fondo) y 1, e y (n,) int64 de 0 a 9; las
        imágenes de prueba están en `x_prueba` e `y_prueba`. Los nombres de las clases, en `clases`.

    Lanza:
        ConnectionError: si `completo=True` y no se pudo descargar.

    Ejemplo:
        >>> ropa = moda()
        >>> ropa.x.shape, ropa.x_prueba.shape, ropa.clases[ropa.y[0]]
        ((2000, 28, 28), (500, 28, 28), 'botín')
    """
    (x, y), (x_prueba, y_prueba) = _cargar_completo() if completo else _cargar_mini()
    return Conjunto(
        x=_gris(x),
        y=y.astype("int64"),
        x_prueba=_gris(x_prueba),
        y_prueba=y_prueba.astype("int64"),
        objetivos=("Prenda",),
        clases=_CLASES,
        descripcion=f"Fashion-MNIST: {len(x)} imágenes de ropa y {len(x_prueba)} de prueba",
        fuente="Fashion-MNIST, Zalando SE 2017, licencia MIT (FUENTES.md)",
    )


def _gris(bytes_0_255):
    return bytes_0_255.astype("float32") / np.float32(255)


def _cargar_mini():
    with files("cursokeras.datos").joinpath("fashion_mini.npz").open("rb") as archivo:
        mini = np.load(archivo)
        return (mini["x_train"], mini["y_train"]), (mini["x_test"], mini["y_test"])


def _cargar_completo():
    from cursokeras._backend import keras  # Carga TensorFlow: solo si hace falta

    try:
        return keras.datasets.fashion_mnist.load_data()
    except Exception as error:  # Keras lanza Exception a secas cuando falla la descarga
        raise ConnectionError(
            "No se pudo obtener el Fashion-MNIST completo. Revisa la conexión a internet, o usa "
            "datos.moda(), que trae 2000 imágenes y no necesita red. Si una descarga anterior "
            "quedó a medias, borra la carpeta .keras/datasets/fashion-mnist de tu usuario. "
            f"Keras dijo: {error}"
        ) from error
