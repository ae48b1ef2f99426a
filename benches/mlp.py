"""A dense network with Adam in numpy: small enough to need no framework, the same on every machine with one BLAS."""

import numpy as np

LEAK = 0.01  # of leaky ReLU


class Dense:
    """Layers of the given sizes, leaky ReLU between them, a linear output."""

    def __init__(self, sizes, seed=1, dtype=np.float64):
        random = np.random.default_rng(seed)
        self.parameters = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            limit = 1 / np.sqrt(inputs)  # what PyTorch starts from
            self.parameters.append(random.uniform(-limit, limit, (inputs, outputs)).astype(dtype))
            self.parameters.append(random.uniform(-limit, limit, outputs).astype(dtype))
        self.moments = [(np.zeros_like(p), np.zeros_like(p)) for p in self.parameters]
        self.steps = 0

    def layers(self, x):
        """The activations of all layers, the input first."""
        activations = [x]
        last = len(self.parameters) // 2 - 1
        for i in range(last + 1):
            x = x @ self.parameters[2 * i] + self.parameters[2 * i + 1]
            if i < last:
                x = np.maximum(x, LEAK * x)
            activations.append(x)
        return activations

    def __call__(self, x):
        return self.layers(x)[-1]

    def gradient(self, activations, slope):
        """Gradients of the parameters, and of the input, from the slope of the loss in the output."""
        gradients = [None] * len(self.parameters)
        for i in reversed(range(len(self.parameters) // 2)):
            gradients[2 * i] = activations[i].T @ slope
            gradients[2 * i + 1] = slope.sum(axis=0)
            slope = slope @ self.parameters[2 * i].T
            if i > 0:
                slope = np.where(activations[i] > 0, slope, LEAK * slope)
        return gradients, slope

    def adam(self, gradients, rate, decay=0.0):
        self.steps += 1
        for p, g, (m, v) in zip(self.parameters, gradients, self.moments):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p *= 1 - rate * decay
            p -= rate * (m / (1 - 0.9**self.steps)) / (np.sqrt(v / (1 - 0.999**self.steps)) + 1e-8)


def batches(rows, size, random):
    order = random.permutation(rows)
    return [order[i : i + size] for i in range(0, rows, size)]
