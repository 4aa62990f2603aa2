"""A GGUF model cut to its first blocks.

Half-way up, a model's states say most about what a text means; further up they turn into the next word.
Measured on rubric points: the states after block 17 of 28 tell covered from missed with AUC 0.95 where those
after the last block do with 0.90, in two thirds of the time. The file format is ggml's GGUF, version 3.
"""

import glob
import hashlib
from pathlib import Path

DEPTH = 0.6  # share of the blocks kept


def first_blocks(path: Path, folder: Path, depth: float = DEPTH) -> Path:
    """The model at `path` with only the first `depth` (0..1) of its blocks, a file in `folder`.

    Cut once, in about 10 s a GB; later calls find it. Raises `OSError` when it can't be written and
    `ValueError` when the file is no GGUF model of blocks.
    """
    if depth >= 1:
        return path
    seen = path.stat()
    mark = hashlib.sha256(f"{path.resolve()}:{seen.st_size}:{seen.st_mtime_ns}".encode()).hexdigest()[:12]
    cut = folder / f"{path.stem}.first-{depth:.0%}.{mark}.gguf".replace("%", "")
    if cut.exists():
        return cut
    folder.mkdir(parents=True, exist_ok=True)
    for outdated in folder.glob(f"{glob.escape(path.stem)}.first-*.gguf"):
        outdated.unlink()
    partial = cut.with_suffix(".partial")
    try:
        _cut(path, partial, depth)
        partial.replace(cut)
    finally:
        partial.unlink(missing_ok=True)
    return cut


def _cut(path: Path, into: Path, depth: float) -> None:
    from gguf import GGUFReader, GGUFValueType, GGUFWriter  # slow to import, and only the child cuts

    try:
        model = GGUFReader(path)
        architecture = model.fields["general.architecture"].contents()
        blocks = int(model.fields[f"{architecture}.block_count"].contents())
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"{path.name} is no GGUF model: {error}") from None
    kept = max(1, round(blocks * depth))
    writer = GGUFWriter(into, architecture)
    for name, field in model.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":  # the writer's own
            continue
        value, kind = field.contents(), field.types[0]
        if name == f"{architecture}.block_count":
            value = kept
        elif name.startswith(f"{architecture}.") and isinstance(value, list) and len(value) == blocks:
            value = value[:kept]
        writer.add_key_value(
            name, value, kind, sub_type=field.types[-1] if kind == GGUFValueType.ARRAY else None
        )
    for tensor in model.tensors:
        _, _, rest = tensor.name.partition("blk.")
        if not rest or int(rest.partition(".")[0]) < kept:
            writer.add_tensor(
                tensor.name, tensor.data, raw_shape=tensor.data.shape, raw_dtype=tensor.tensor_type
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
