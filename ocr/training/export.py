"""From trained weights to the file that is shipped: ONNX with small whole numbers for weights.

Convolutions are quantised statically (the ranges of their inputs are known from lines read beforehand), the LSTM and
the last layer dynamically. Weights have seven bits: processors without VNNI add two products in 16 bits, and eight
overflow.
"""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quant_pre_process,
    quantize_dynamic,
    quantize_static,
)

from ocr.line_reader import HEIGHT, normalise
from ocr.training.examples import Example
from ocr.training.network import LineNetwork, weights_of

_OPSET = 17


class _Lines(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    def __init__(self, some: Sequence[Example]) -> None:
        self._lines: Iterator[Example] = iter(some)

    def get_next(self) -> dict[str, Any] | None:
        """The next line as the network's input."""
        example = next(self._lines, None)
        return None if example is None else {"x": normalise(example.picture)[None, None]}


def export(weights: Path, calibration: Sequence[Example], target: Path) -> None:
    """Writes `target`. The calibration lines tell how large the numbers inside the network become."""
    network = LineNetwork()
    network.load_state_dict(weights_of(weights))
    network.eval()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole, shaped, dynamic = (
            str(Path(folder, name)) for name in ("whole.onnx", "shaped.onnx", "dynamic.onnx")
        )
        torch.onnx.export(
            network, (torch.rand(1, 1, HEIGHT, 640),), whole, input_names=["x"], output_names=["y"],
            dynamic_axes={"x": {0: "n", 3: "w"}, "y": {0: "n", 1: "t"}}, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
        quant_pre_process(whole, shaped, skip_symbolic_shape=True)
        quantize_dynamic(
            shaped,
            dynamic,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            op_types_to_quantize=["LSTM", "MatMul", "Gemm"],
        )
        quantize_static(
            dynamic, target, _Lines(calibration), quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
            weight_type=QuantType.QInt8, activation_type=QuantType.QUInt8, op_types_to_quantize=["Conv"],
        )  # fmt: skip
