"""Los casos al azar de hypothesis: los mismos en cada corrida, salvo que se pida buscar más."""

import os

from hypothesis import settings

# Una prueba que hoy pasa y mañana falla, sin que nada cambie, no le sirve a quien instala.
settings.register_profile("fijos", derandomize=True, deadline=None)
if "CURSOKERAS_CASOS" not in os.environ:
    settings.load_profile("fijos")
