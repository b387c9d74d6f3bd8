"""Pixels to words. Arrays in, values out; no files written, no network."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime reads it when first imported
