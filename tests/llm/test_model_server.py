from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader, GGUFWriter

from app.llm.model_server import first_blocks


def model(path: Path, blocks: int = 5) -> Path:
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(blocks)
    writer.add_array("llama.attention.head_count", [2] * blocks)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "c"])
    writer.add_tensor("token_embd.weight", np.arange(6, dtype=np.float32).reshape(3, 2))
    for block in range(blocks):
        writer.add_tensor(f"blk.{block}.ffn_up.weight", np.full((2, 2), block, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_first_blocks_are_kept_with_everything_that_is_no_block(tmp_path: Path) -> None:
    whole = model(tmp_path / "whole.gguf")
    cut = GGUFReader(first_blocks(whole, tmp_path / "cuts", 0.6))
    assert cut.fields["llama.block_count"].contents() == 3
    assert cut.fields["llama.attention.head_count"].contents() == [2, 2, 2]
    assert cut.fields["tokenizer.ggml.tokens"].contents() == ["a", "b", "c"]
    tensors = {tensor.name: tensor.data for tensor in cut.tensors}
    assert set(tensors) == {"token_embd.weight", *(f"blk.{block}.ffn_up.weight" for block in range(3))}
    assert tensors["token_embd.weight"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert tensors["blk.2.ffn_up.weight"].tolist() == [[2, 2], [2, 2]]


def test_a_model_is_cut_once_and_anew_when_its_file_has_changed(tmp_path: Path) -> None:
    whole = model(tmp_path / "whole.gguf")
    first = first_blocks(whole, tmp_path)
    made = first.stat().st_mtime_ns
    assert first_blocks(whole, tmp_path) == first
    assert first.stat().st_mtime_ns == made
    assert first_blocks(model(whole, blocks=10), tmp_path) != first
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize("content", [b"", b"GGUF", b"no model at all"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.gguf"):
        first_blocks(path, tmp_path)
