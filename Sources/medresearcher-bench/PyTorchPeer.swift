/// The peer of the model: PyTorch, eager, float32, on the same weights and training batch.
///
/// It gets what a careful user would give it: sequences sorted by length and padded in small batches, fused attention,
/// a fused optimizer, a key-value cache allocated once, and no gradients where none are wanted.
enum PyTorchPeer {
    static let script = #"""
        import mmap
        import os
        import struct
        import time
        import torch
        import torch.nn.functional as F

        C = INPUT["configuration"]
        REPETITIONS = INPUT["repetitions"]


        def read_safetensors(path):
            # Mapped, so that reading leaves no copy behind.
            with open(path, "rb") as file:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            size = struct.unpack("<Q", data[:8])[0]
            header = json.loads(data[8 : 8 + size])
            tensors = {}
            for name, entry in header.items():
                if name == "__metadata__":
                    continue
                begin, end = entry["data_offsets"]
                raw = bytearray(data[8 + size + begin : 8 + size + end])
                tensors[name] = torch.frombuffer(raw, dtype=torch.float32).reshape(entry["shape"])
            data.close()
            return tensors


        class Layer(torch.nn.Module):
            def __init__(self, weights, prefix):
                super().__init__()
                for name in ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
                             "self_attn.q_norm", "self_attn.k_norm", "mlp.gate_proj", "mlp.up_proj",
                             "mlp.down_proj", "input_layernorm", "post_attention_layernorm"]:
                    parameter = torch.nn.Parameter(weights[prefix + name + ".weight"])
                    self.register_parameter(name.split(".")[-1], parameter)

            def forward(self, x, cosine, sine, cache, start):
                batch, length, _ = x.shape
                size, epsilon = C["head_dim"], C["rms_norm_eps"]

                def heads(weight, norm):
                    y = F.linear(h, weight).view(batch, length, -1, size)
                    if norm is not None:
                        y = F.rms_norm(y, (size,), norm, epsilon)
                    return y.transpose(1, 2)

                def rotate(y):
                    first, second = y.chunk(2, dim=-1)
                    return y * cosine + torch.cat((-second, first), dim=-1) * sine

                h = F.rms_norm(x, (x.shape[-1],), self.input_layernorm, epsilon)
                q = rotate(heads(self.q_proj, self.q_norm))
                k = rotate(heads(self.k_proj, self.k_norm))
                v = heads(self.v_proj, None)
                if cache is not None:
                    cache[0][:, :, start : start + length] = k
                    cache[1][:, :, start : start + length] = v
                    k, v = cache[0][:, :, : start + length], cache[1][:, :, : start + length]
                a = F.scaled_dot_product_attention(q, k, v, is_causal=length > 1, enable_gqa=True)
                x = x + F.linear(a.transpose(1, 2).reshape(batch, length, -1), self.o_proj)
                h = F.rms_norm(x, (x.shape[-1],), self.post_attention_layernorm, epsilon)
                return x + F.linear(F.silu(F.linear(h, self.gate_proj)) * F.linear(h, self.up_proj), self.down_proj)


        class Decoder(torch.nn.Module):
            def __init__(self, weights):
                super().__init__()
                count = C["num_hidden_layers"]
                self.layers = torch.nn.ModuleList(Layer(weights, f"model.layers.{i}.") for i in range(count))
                self.embedding = torch.nn.Parameter(weights["model.embed_tokens.weight"])
                self.norm = torch.nn.Parameter(weights["model.norm.weight"])
                half = torch.arange(0, C["head_dim"], 2, dtype=torch.float64) / C["head_dim"]
                angles = torch.outer(torch.arange(C["max_position_embeddings"]).double(), C["rope_theta"] ** -half)
                angles = torch.cat((angles, angles), dim=-1)
                self.cosine, self.sine = angles.cos().float(), angles.sin().float()

            def forward(self, tokens, caches=None, start=0, last_only=False):
                end = start + tokens.shape[1]
                x = F.embedding(tokens, self.embedding)
                for index, layer in enumerate(self.layers):
                    cache = None if caches is None else caches[index]
                    x = layer(x, self.cosine[start:end], self.sine[start:end], cache, start)
                x = x[:, -1:] if last_only else x
                x = F.rms_norm(x, (x.shape[-1],), self.norm, C["rms_norm_eps"])
                return F.linear(x, self.embedding)

            def caches(self, batch, length):
                shape = (batch, C["num_key_value_heads"], length, C["head_dim"])
                return [(torch.zeros(shape), torch.zeros(shape)) for _ in self.layers]


        def median(body):
            body()
            walls, processors = [], []
            for _ in range(REPETITIONS):
                start, used = time.perf_counter(), time.process_time()
                body()
                walls.append(time.perf_counter() - start)
                processors.append(time.process_time() - used)
            middle = len(walls) // 2
            return {"wall": sorted(walls)[middle], "processor": sorted(processors)[middle]}


        def memory(field):
            with open("/proc/self/status") as status:
                return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


        def reset_peak():
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")


        def short_median(body):
            start, calls = time.perf_counter(), 0
            while time.perf_counter() - start < 0.1:
                body()
                calls += 1

            def several():
                for _ in range(2 * calls):
                    body()

            return median(several)["wall"] / (2 * calls)


        before = memory("VmRSS")
        model = Decoder(read_safetensors(INPUT["weights"]))
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.95), weight_decay=0, fused=True)
        ordered = sorted(INPUT["sequences"], key=len)
        batches = []
        for first in range(0, len(ordered), 8):
            part = [torch.tensor(tokens) for tokens in ordered[first : first + 8]]
            inputs = torch.nn.utils.rnn.pad_sequence([t[:-1] for t in part], batch_first=True)
            targets = torch.nn.utils.rnn.pad_sequence([t[1:] for t in part], batch_first=True, padding_value=-100)
            batches.append((inputs, targets))


        def losses(inputs, targets, reduction):
            return F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten(), reduction=reduction)


        def train():
            for inputs, targets in batches:
                losses(inputs, targets, "sum").backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=False)


        @torch.inference_mode()
        def forward():
            return [losses(inputs, targets, "none") for inputs, targets in batches]


        def draw(logits):
            logprobs = F.log_softmax(logits[:, -1], dim=-1)
            tokens = torch.multinomial(logprobs.exp(), 1)
            logprobs.gather(1, tokens).tolist()
            return tokens


        @torch.inference_mode()
        def sample(batch):
            length, count = INPUT["prompt_length"], INPUT["sampled_tokens"]
            tokens = torch.randint(C["vocab_size"], (batch, length))
            caches = model.caches(batch, length + count)
            position = 0
            for _ in range(count):
                drawn = draw(model(tokens, caches, position, last_only=True))
                position, tokens = position + tokens.shape[1], drawn


        def product(shape):
            m, n, k = shape["m"], shape["n"], shape["k"]
            if shape["kind"] == "forward":
                a, w, c = torch.rand(m, k), torch.rand(n, k), torch.zeros(m, n)
                return lambda: torch.mm(a, w.t(), out=c)
            d, x, g = torch.rand(k, m), torch.rand(k, n), torch.zeros(m, n)
            return lambda: g.addmm_(d.t(), x)


        result = {"version": torch.__version__, "loss": sum(part.sum().item() for part in forward())}
        torch.set_num_threads(1)
        with torch.inference_mode():
            result["kernels"] = [short_median(product(shape)) for shape in INPUT["kernels"]]
        result["timings"] = []
        for threads in INPUT["threads"]:
            torch.set_num_threads(threads)
            reset_peak()
            training = median(train)
            peak = memory("VmHWM") - before
            sampling = [median(lambda: sample(batch)) for batch in INPUT["sampled_batches"]]
            result["timings"].append({"training": training, "sampling": sampling, "memory": peak})
        print(json.dumps(result))
        """#
}
