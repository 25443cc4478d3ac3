"""El precio de autos usados: de la tabla cruda a una red que responde en euros."""

import time
from pathlib import Path

import joblib
import matplotlib.pyplot as plt
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import cursokeras as ck

salida = Path("salida")
salida.mkdir(exist_ok=True)
print(ck.descripcion_dispositivos())

# 1. Cargar: 1436 Toyota Corolla usados, con sus precios de venta en 2004.
x, precio = ck.datos.autos()
print(f"\n{len(x)} autos con {x.shape[1]} columnas; precio medio {precio.mean():.0f} €")

# 2. Separar la prueba antes de mirar nada: filas que ningún modelo verá al aprender.
x_aprender, x_prueba, y_aprender, y_prueba = train_test_split(
    x, precio, test_size=0.2, random_state=0
)


# 3. Limpiar: un motor de 16000 cm³ es un error de tipeo, y el número de fila no es un dato.
def limpiar(tabla):
    limpia = tabla.drop(columns=["Id", "Cylinders"])  # Todos tienen cuatro cilindros.
    limpia["CC"] = limpia["CC"].where(limpia["CC"] < 10_000, limpia["CC"] // 10)
    return limpia


# 4. Pasar a números de tamaño parecido: las redes son sensibles a la escala.
categorias = ["Fuel_Type", "Color"]
numeros = limpiar(x).columns.drop([*categorias, "Model"])
preparar = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore", sparse_output=False), categorias),
    (StandardScaler(), numeros),
    (CountVectorizer(binary=True, min_df=10), "Model"),  # Las palabras de la versión del auto.
    sparse_threshold=0,
)
entrada = preparar.fit_transform(limpiar(x_aprender))
entrada_prueba = preparar.transform(limpiar(x_prueba))
MILES = 1000  # La red aprende miles de euros, números cercanos a 10.

# 5. La red: capas que se achican, ocultas ReLU, y la salida sin activación.
modelo = ck.crear_regresion(d_in=entrada.shape[1], ocultas=(50, 25), learning_rate=0.003, semilla=0)
historia = ck.entrenar(modelo, entrada, y_aprender / MILES, epochs=300, patience=30, semilla=0)


# 6. ¿Una bazuca para matar una mosca? La red contra modelos más simples, en euros y en segundos.
def medir(predicho, segundos):
    rmse = root_mean_squared_error(y_prueba, predicho)
    return {"R²": r2_score(y_prueba, predicho), "RMSE [€]": rmse, "segundos": segundos}


def probar(rival, filas, filas_prueba):
    inicio = time.perf_counter()
    rival.fit(filas, y_aprender)
    return medir(rival.predict(filas_prueba), time.perf_counter() - inicio)


prediccion = ck.predecir(modelo, entrada_prueba).ravel() * MILES
crudas = x_aprender[numeros], x_prueba[numeros]
comparacion = pd.DataFrame(
    {
        "Red neuronal": medir(prediccion, historia.segundos),
        "Regresión lineal": probar(LinearRegression(), entrada, entrada_prueba),
        "HistGradientBoosting": probar(HistGradientBoostingRegressor(), entrada, entrada_prueba),
        "… en la tabla cruda": probar(HistGradientBoostingRegressor(), *crudas),
    }
).T
print(f"\nEn {len(y_prueba)} autos nunca vistos:")
print(comparacion.round({"R²": 3, "RMSE [€]": 0, "segundos": 2}).to_string())

# 7. Guardar: los gráficos, la tabla real / predicho, el modelo y la preparación de los datos.
ck.graficar_historia(historia).figure.savefig(salida / "historia.png", dpi=150)
ejes = ck.graficar_predicciones(y_prueba, prediccion)
ejes.set(xlabel="Precio real [€]", ylabel="Precio predicho [€]")
ejes.set_title("Precio de autos usados, en filas de prueba")
ejes.figure.savefig(salida / "predicciones.png", dpi=150, bbox_inches="tight")
plt.close("all")
for parte, filas, y in (
    ("entrenamiento", entrada, y_aprender),
    ("prueba", entrada_prueba, y_prueba),
):
    tabla = ck.tabla_predicciones(modelo, filas, y / MILES) * MILES
    tabla.round().to_excel(salida / f"precios_{parte}.xlsx")
comparacion.to_excel(salida / "comparacion.xlsx")
ck.guardar(modelo, salida / "precio_autos.keras")
joblib.dump(preparar, salida / "preparar.joblib")
print(f"\nTodo quedó en la carpeta {salida.resolve()}:")
print("\n".join(f"  {archivo.name}" for archivo in sorted(salida.iterdir())))
