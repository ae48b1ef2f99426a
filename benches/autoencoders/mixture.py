"""Mixtures of logistics: the probability of an interval with its gradients, and the cumulative distribution."""

import numpy as np

NARROWEST, WIDEST = -9.0, 3.0  # of the logarithm of a scale


def split(outputs, columns, components):
    """What a network gives for each row: logits of weights, means, logarithms of scales, each rows x columns x
    components.
    """
    parts = outputs.reshape(len(outputs), columns, 3, components)
    return parts[:, :, 0], parts[:, :, 1], parts[:, :, 2]


def join(logits, means, logs):
    return np.stack([logits, means, logs], axis=2).reshape(len(logits), -1)


def softmax(logits):
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def cost(low, width, logits, means, logs):
    """Nats of the interval from `low`, and its slopes in logits, means and logs. Stable however narrow the interval
    is.
    """
    far = low.dtype.type(30 if low.dtype == np.float32 else 300)
    weights = softmax(logits)
    scaled = np.exp(-np.clip(logs, NARROWEST, WIDEST))
    a, d = (low[..., None] - means) * scaled, width[..., None] * scaled
    b = a + d
    lower, upper = np.exp(-np.clip(a, -far, far)), np.exp(np.clip(b, -far, far))
    rise, fall = 1 / (1 + lower), 1 / (1 + upper)
    inside = -np.expm1(-d)
    # sigmoid(b) - sigmoid(a) = sigmoid(b) sigmoid(-a) (1 - exp(-d)), which takes no difference of large numbers
    part = weights * (upper * fall) * (lower * rise) * inside + np.finfo(low.dtype).tiny
    total = part.sum(axis=-1)
    share = part / total[..., None]
    slope_logs = share * (b * fall - a * rise + d * (1 - inside) / np.maximum(inside, np.finfo(low.dtype).tiny))
    return -np.log(total), (weights - share, share * (fall - rise) * scaled, slope_logs)


def cumulative(edges, weights, means, logs):
    """Probability below `edges`, component by component so that every length of the arrays gives the same bits."""
    total = 0.0
    with np.errstate(over="ignore"):
        for i in range(weights.shape[-1]):
            scale = np.exp(-np.clip(logs[:, i], NARROWEST, WIDEST))
            total = total + weights[:, i] / (1 + np.exp((means[:, i] - edges) * scale))
    return total
