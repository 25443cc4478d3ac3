"""PyTorch, con el bucle del curso y con otro más directo (regresión con relu)."""

import itertools

from reloj import Reloj


def torch_dataloader(caso, datos):
    """El bucle del curso: DataLoader con shuffle y un solo hilo, que es como mejor le va."""
    import torch

    def lotes(x, y):
        tabla = torch.utils.data.TensorDataset(x, y)
        return torch.utils.data.DataLoader(tabla, batch_size=caso.batch_size, shuffle=True)

    return _con_torch(caso, datos, lotes)


def torch_directo(caso, datos):
    """El mismo bucle sin DataLoader: se barajan los tensores y se cortan lotes."""
    import torch

    class Lotes:
        def __init__(self, x, y):
            self.x, self.y = x, y

        def __iter__(self):
            orden = torch.randperm(len(self.x))
            x, y = self.x[orden], self.y[orden]
            return zip(x.split(caso.batch_size), y.split(caso.batch_size), strict=True)

    return _con_torch(caso, datos, Lotes)


def _con_torch(caso, datos, lotes):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    reloj = Reloj()
    x, y, x_val, y_val = (torch.from_numpy(d) for d in datos)
    tamanos = (caso.d_in, *caso.ocultas)
    capas = []
    for entran, salen in itertools.pairwise(tamanos):
        capas += [torch.nn.Linear(entran, salen), torch.nn.ReLU()]
    modelo = torch.nn.Sequential(*capas, torch.nn.Linear(tamanos[-1], caso.d_out))
    clase = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[caso.optimizer]
    optimizador = clase(modelo.parameters(), lr=caso.learning_rate)
    criterio = torch.nn.MSELoss()
    cargador = lotes(x, y)
    for _ in range(caso.epochs):
        modelo.train()
        for lote_x, lote_y in cargador:
            optimizador.zero_grad()
            perdida = criterio(modelo(lote_x), lote_y)
            perdida.backward()
            optimizador.step()
        if caso.n_val:
            modelo.eval()
            with torch.no_grad():
                perdida = criterio(modelo(x_val), y_val)
        reloj.epoca()
    with torch.no_grad():
        final = perdida if caso.n_val else criterio(modelo(x), y)
    return reloj.marca(final)
