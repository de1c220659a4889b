"""Reads a network from an ONNX file with nothing but numpy: its nodes in order, and its weights.

ONNX is a Protocol Buffers message (onnx.proto3 of the ONNX project names the fields); what a small network needs of
it is little. For files that we ship: it does not guard against files made to harm.
"""

import struct
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# The numbers of fields in onnx.proto3.
_MODEL_GRAPH = 7
_GRAPH_NODE, _GRAPH_WEIGHTS = 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_OPERATION, _NODE_ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_NAME, _ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_TEXT, _ATTRIBUTE_TENSOR = 1, 2, 3, 4, 5
_ATTRIBUTE_INTS = 8
_TENSOR_SHAPE, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9
_TYPES: dict[int, type[np.generic]] = {
    1: np.float32,
    2: np.uint8,
    3: np.int8,
    6: np.int32,
    7: np.int64,
    9: np.bool_,
}
# Where values of a type stand when they are not raw.
_TYPED = {1: 4, 2: 5, 3: 5, 6: 5, 7: 7, 9: 5}

Fields = dict[int, list[Any]]


@dataclass(frozen=True)
class Node:
    """One operation: the names of what goes in ("" where an optional input is left out) and comes out."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Network:
    """Operations in an order in which they can be done, and the weights by name."""

    nodes: tuple[Node, ...]
    weights: dict[str, NDArray[Any]]


def read_network(path: Path) -> Network:
    """The network in a file."""
    graph = _fields(_fields(memoryview(path.read_bytes()))[_MODEL_GRAPH][0])
    weights = dict(_tensor(raw) for raw in graph[_GRAPH_WEIGHTS])
    return Network(tuple(_node(raw) for raw in graph[_GRAPH_NODE]), weights)


def _fields(message: memoryview) -> Fields:
    """Every field of a message by its number: whole numbers, or the bytes of what has a length."""
    found: Fields = defaultdict(list)
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(message, at)
            found[key >> 3].append(value - (1 << 64) if value >> 63 else value)
        elif kind == 2:
            size, at = _varint(message, at)
            found[key >> 3].append(message[at : at + size])
            at += size
        else:
            size = 8 if kind == 1 else 4
            found[key >> 3].append(message[at : at + size])
            at += size
    return found


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _varints(message: memoryview | int) -> list[int]:
    """Whole numbers that may be packed into one field."""
    if isinstance(message, int):
        return [message]
    values, at = [], 0
    while at < len(message):
        value, at = _varint(message, at)
        values.append(value - (1 << 64) if value >> 63 else value)
    return values


def _node(raw: memoryview) -> Node:
    fields = _fields(raw)
    inputs, outputs = (
        tuple(str(name, "utf-8") for name in fields[number]) for number in (_NODE_INPUT, _NODE_OUTPUT)
    )
    attributes = dict(_attribute(attribute) for attribute in fields[_NODE_ATTRIBUTE])
    return Node(str(fields[_NODE_OPERATION][0], "utf-8"), inputs, outputs, attributes)


def _attribute(raw: memoryview) -> tuple[str, Any]:
    fields = _fields(raw)
    name = str(fields[_ATTRIBUTE_NAME][0], "utf-8")
    if fields[_ATTRIBUTE_TENSOR]:
        return name, _tensor(fields[_ATTRIBUTE_TENSOR][0])[1]
    if fields[_ATTRIBUTE_INTS]:
        return name, [value for packed in fields[_ATTRIBUTE_INTS] for value in _varints(packed)]
    if fields[_ATTRIBUTE_TEXT]:
        return name, str(fields[_ATTRIBUTE_TEXT][0], "utf-8")
    if fields[_ATTRIBUTE_FLOAT]:
        return name, struct.unpack("<f", fields[_ATTRIBUTE_FLOAT][0])[0]
    return name, fields[_ATTRIBUTE_INT][0] if fields[_ATTRIBUTE_INT] else None


def _tensor(raw: memoryview) -> tuple[str, NDArray[Any]]:
    fields = _fields(raw)
    kind = fields[_TENSOR_TYPE][0]
    shape = [value for packed in fields[_TENSOR_SHAPE] for value in _varints(packed)]
    name = str(fields[_TENSOR_NAME][0], "utf-8") if fields[_TENSOR_NAME] else ""
    if fields[_TENSOR_RAW]:
        return name, np.frombuffer(fields[_TENSOR_RAW][0], _TYPES[kind]).reshape(shape)
    packed = fields[_TYPED[kind]]
    if kind == 1:
        values: Any = np.frombuffer(b"".join(packed), np.float32)
    else:
        values = [value for part in packed for value in _varints(part)]
    return name, np.array(values, _TYPES[kind]).reshape(shape)
