"""Runs a network with numpy alone, for machines that onnxruntime does not run on: the same file, several times slower.

It knows the operations that the line reader is made of (onnx.ai/onnx/operators and, for DynamicQuantizeLSTM,
onnxruntime's ContribOperators.md say what each does). Weights stay the small whole numbers of the file until they are
loaded; what flows between operations is not quantised.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr.onnx_file import Node, read_network

Array = NDArray[Any]

# Where an LSTM's two sets of weights stand among its inputs, with their scales and zero points.
_LSTM_WEIGHTS = ((1, 8, 9), (2, 10, 11))


class NumpyNetwork:
    """A network of one input and one output. Raises KeyError for a file with an operation that it does not know."""

    def __init__(self, path: Path) -> None:
        network = read_network(path)
        self._values: dict[str, Any] = {"": None, **network.weights}
        self._steps: list[tuple[Callable[..., Any], Node]] = []
        for node in network.nodes:
            if node.operation == "DequantizeLinear" and node.inputs[0] in self._values:
                x, scale, zero = (self._values[name] for name in node.inputs)
                self._values[node.outputs[0]] = _dequantised(x, scale, zero, node.attributes.get("axis", 1))
                continue
            if node.operation == "DynamicQuantizeLSTM":
                for weights, scale, zero in _LSTM_WEIGHTS:
                    told = [self._values[node.inputs[i]] for i in (weights, scale, zero)]
                    self._values[node.inputs[weights]] = _dequantised_both_ways(*told)
            self._steps.append((_OPERATIONS[node.operation], node))
        given = {name for _, node in self._steps for name in node.inputs} - set(self._values)
        made = {name for _, node in self._steps for name in node.outputs}
        (self._input,) = given - made
        self._output = self._steps[-1][1].outputs[0]

    def __call__(self, batch: Array) -> Array:
        """What comes out for what goes in."""
        values = {**self._values, self._input: batch}
        for do, node in self._steps:
            out = do(*(values[name] for name in node.inputs), **node.attributes)
            values.update(zip(node.outputs, out if isinstance(out, tuple) else (out,), strict=False))
        result: Array = values[self._output]
        return result


def _dequantised(x: Array, scale: Array, zero: Array, axis: int) -> Array:
    along = [-1 if i == axis and scale.size > 1 else 1 for i in range(x.ndim)]
    return (x.astype(np.float32) - zero.astype(np.float32).reshape(along)) * scale.reshape(along)


def _dequantised_both_ways(x: Array, scale: Array, zero: Array) -> Array:
    """Weights of an LSTM, `x[way]`: each way has one scale, or one for each column."""
    ways = len(x)
    return (x.astype(np.float32) - zero.astype(np.float32).reshape(ways, 1, -1)) * scale.reshape(ways, 1, -1)


def _as_it_is(x: Array, *_: Any, **__: Any) -> Array:
    return x


def _conv(
    x: Array,
    weights: Array,
    bias: Array,
    strides: Sequence[int],
    pads: Sequence[int],
    group: int = 1,
    **_: Any,
) -> Array:
    if x.ndim == 3:
        return _conv(
            x[:, :, None], weights[:, :, None], bias, (1, *strides), (0, pads[0], 0, pads[1]), group
        )[:, :, 0]
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    count, _, down, across = weights.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (down, across), axis=(2, 3))
    windows = windows[:, :, :: strides[0], :: strides[1]]
    lines, channels, height, width = windows.shape[:4]
    if group == channels and group > 1:
        out = sum(
            windows[..., i, j] * weights[None, :, 0, i, j, None, None]
            for i in range(down)
            for j in range(across)
        )
    else:
        columns = windows.transpose(0, 1, 4, 5, 2, 3).reshape(lines, -1, height * width)
        out = (weights.reshape(count, -1) @ columns).reshape(lines, count, height, width)
    return out + bias[None, :, None, None]


def _max_pool(x: Array, kernel_shape: Sequence[int], **_: Any) -> Array:
    down, across = kernel_shape
    height, width = x.shape[2] // down * down, x.shape[3] // across * across
    places = [x[:, :, i:height:down, j:width:across] for i in range(down) for j in range(across)]
    return np.asarray(np.maximum.reduce(places))


def _lstm(
    x: Array, inner: Array, recurrent: Array, bias: Array, *_: Any, hidden_size: int, **__: Any
) -> Array:
    """Both ways along the line at once, beginning from nothing; gates in the order input, output, forget, cell."""
    steps, lines, _features = x.shape
    given = np.stack((x, x[::-1])) @ inner[:, None]
    given += (bias[:, : 4 * hidden_size] + bias[:, 4 * hidden_size :])[:, None, None]
    out = np.empty((steps, 2, lines, hidden_size), np.float32)
    hidden: Array = np.zeros((2, lines, hidden_size), np.float32)
    cell: Array = hidden
    for step in range(steps):
        gates = given[:, step] + hidden @ recurrent
        opened = 1 / (1 + np.exp(-gates[..., : 3 * hidden_size]))
        into, shown, kept = (opened[..., k * hidden_size : (k + 1) * hidden_size] for k in range(3))
        cell = kept * cell + into * np.tanh(gates[..., 3 * hidden_size :])
        hidden = shown * np.tanh(cell)
        out[step, 0], out[steps - 1 - step, 1] = hidden
    return out


def _not_quantised(x: Array) -> tuple[Array, Array, Array]:
    return x, np.ones((), np.float32), np.zeros((), np.float32)


def _matmul_integer(x: Array, weights: Array, x_zero: Array, zero: Array) -> Array:
    return (x - x_zero) @ (weights.astype(np.float32) - zero.astype(np.float32))


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "Add": lambda a, b: a + b,
    "Cast": _as_it_is,
    "Concat": lambda *parts, axis: np.concatenate(parts, axis),
    "ConstantOfShape": lambda shape, value: np.full(shape, value[0]),
    "Conv": _conv,
    "DequantizeLinear": _as_it_is,
    "DynamicQuantizeLSTM": _lstm,
    "DynamicQuantizeLinear": _not_quantised,
    "Gather": lambda x, at, axis: np.take(x, at, axis),
    "MatMulInteger": _matmul_integer,
    "MaxPool": _max_pool,
    "Mul": lambda a, b: a * b,
    "QuantizeLinear": _as_it_is,
    "Relu": lambda x: np.maximum(x, 0),
    "Reshape": lambda x, shape, **_: x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape)]),
    "Shape": lambda x, **_: np.array(x.shape),
    "Squeeze": lambda x, axes: x.squeeze(tuple(axes)),
    "Transpose": lambda x, perm: x.transpose(perm),
    "Unsqueeze": lambda x, axes: np.expand_dims(x, tuple(axes)),
}
