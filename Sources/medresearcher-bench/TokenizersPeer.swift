/// The peers of the tokenizer, called as their users call them; the rates count the bytes of the texts' UTF-8 and the
/// processor time of all threads.
enum TokenizersPeer {
    static let scorers = ["HF tokenizers", "HF tokenizers, batch", "tiktoken"]

    static let script = #"""
        import os
        os.environ["RAYON_NUM_THREADS"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        import hashlib
        import time

        texts = []
        with open(INPUT["texts"], encoding="utf-8") as lines:
            for line in lines:
                texts.append(json.loads(line))
        size = sum(len(text.encode("utf-8")) for text in texts)
        kind = INPUT["kind"]


        def byte_of_character():
            kept = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
            characters = {chr(byte): byte for byte in kept}
            others = [byte for byte in range(256) if byte not in kept]
            characters.update({chr(256 + index): byte for index, byte in enumerate(others)})
            return characters


        if kind == "tiktoken":
            import tiktoken

            with open(INPUT["tokenizer"], encoding="utf-8") as file:
                content = json.load(file)
            characters = byte_of_character()
            special = {token["content"]: token["id"] for token in content["added_tokens"]}
            ranks = {
                bytes(characters[character] for character in entry): identifier
                for entry, identifier in content["model"]["vocab"].items()
                if entry not in special
            }
            pattern = content["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
            encoding = tiktoken.Encoding("peer", pat_str=pattern, mergeable_ranks=ranks, special_tokens=special)
            encode_all = lambda: [encoding.encode_ordinary(text) for text in texts]
        else:
            import tokenizers

            tokenizer = tokenizers.Tokenizer.from_file(INPUT["tokenizer"])
            if "batch" in kind:
                def encode_all():
                    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
                    return [encoding.ids for encoding in encodings]
            else:
                encode_all = lambda: [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]

        start = time.process_time()
        ids = encode_all()
        seconds = time.process_time() - start
        digest = hashlib.sha256()
        for one in ids:
            digest.update((" ".join(map(str, one)) + "\n").encode())
        print(json.dumps({
            "rate": size / 1e6 / seconds, "tokens": sum(map(len, ids)), "digest": digest.hexdigest(),
        }))
        """#
}
