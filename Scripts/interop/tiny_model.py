"""Writes a small random Qwen3 model in Hugging Face layout, with a byte-level tokenizer; needs numpy only.

usage: tiny_model.py DIRECTORY
"""

import json
import os
import struct
import sys

import numpy

VOCABULARY, HIDDEN, INNER, LAYERS, HEADS, KEY_HEADS, HEAD = 320, 64, 128, 2, 4, 2, 16


def byte_characters():
    """The character that byte-level tokenizers write for every byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, following = {}, 256
    for byte in range(256):
        if byte in plain:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(following)
            following += 1
    return table


def tokenizer():
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    added = [
        {"id": 256 + index, "content": name, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for index, name in enumerate(names)
    ]
    vocabulary = {character: byte for byte, character in byte_characters().items()}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": level, "post_processor": None, "decoder": level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "vocab": vocabulary,
                  "merges": []},
    }


def tensors(random):
    def normal(*shape):
        return (random.standard_normal(shape) * 0.05).astype(numpy.float32)

    ones = lambda size: numpy.ones(size, numpy.float32)
    yield "model.embed_tokens.weight", normal(VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        name = f"model.layers.{layer}."
        yield name + "input_layernorm.weight", ones(HIDDEN)
        yield name + "post_attention_layernorm.weight", ones(HIDDEN)
        yield name + "self_attn.q_proj.weight", normal(HEADS * HEAD, HIDDEN)
        yield name + "self_attn.k_proj.weight", normal(KEY_HEADS * HEAD, HIDDEN)
        yield name + "self_attn.v_proj.weight", normal(KEY_HEADS * HEAD, HIDDEN)
        yield name + "self_attn.o_proj.weight", normal(HIDDEN, HEADS * HEAD)
        yield name + "self_attn.q_norm.weight", ones(HEAD)
        yield name + "self_attn.k_norm.weight", ones(HEAD)
        yield name + "mlp.gate_proj.weight", normal(INNER, HIDDEN)
        yield name + "mlp.up_proj.weight", normal(INNER, HIDDEN)
        yield name + "mlp.down_proj.weight", normal(HIDDEN, INNER)
    yield "model.norm.weight", ones(HIDDEN)
    yield "lm_head.weight", normal(VOCABULARY, HIDDEN)


def write_safetensors(path, named):
    header, offset, parts = {}, 0, []
    for name, array in named:
        data = array.tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(parts)


def main(directory):
    os.makedirs(directory, exist_ok=True)

    def dump(name, value):
        with open(os.path.join(directory, name), "w") as file:
            json.dump(value, file, indent=1)

    dump("tokenizer.json", tokenizer())
    template = ("{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
                "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")
    dump("tokenizer_config.json", {"chat_template": template, "eos_token": "<|im_end|>"})
    dump("config.json", {
        "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "vocab_size": VOCABULARY, "hidden_size": HIDDEN,
        "intermediate_size": INNER, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS, "head_dim": HEAD, "max_position_embeddings": 512, "rope_theta": 10000.0,
        "rms_norm_eps": 1e-6, "tie_word_embeddings": False, "hidden_act": "silu", "attention_bias": False,
        "eos_token_id": 258, "bos_token_id": None, "torch_dtype": "float32"})
    write_safetensors(os.path.join(directory, "model.safetensors"), tensors(numpy.random.default_rng(7)))


if __name__ == "__main__":
    main(sys.argv[1])
