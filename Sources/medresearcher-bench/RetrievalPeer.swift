/// The peers of the index, called as their users call them, on one thread; rates count processor time.
enum RetrievalPeer {
    static let names = ["bm25s", "tantivy"]

    static let script = #"""
        import os
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
            os.environ[name] = "1"
        import statistics
        import time

        documents = [json.loads(line) for line in open(INPUT["documents"], encoding="utf-8")]
        queries = [json.loads(line) for line in open(INPUT["queries"], encoding="utf-8")]
        ids = [document["id"] for document in documents]


        def seconds(body):
            start = time.process_time()
            result = body()
            return time.process_time() - start, result


        if INPUT["kind"] == "bm25s":
            import bm25s
            import Stemmer

            stemmer = Stemmer.Stemmer("english")
            texts = [(document["title"] + " " + document["text"]).strip() for document in documents]

            def tokens(texts):
                return bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False)

            def build():
                retriever = bm25s.BM25(method="lucene", k1=1.2, b=0.75, backend="numba")
                retriever.index(tokens(texts), show_progress=False)
                return retriever

            def search(retriever, depth):
                found, _ = retriever.retrieve(tokens(queries), k=depth, n_threads=1, show_progress=False)
                return [[ids[number] for number in row] for row in found]
        else:
            import re
            import tantivy

            schema = tantivy.SchemaBuilder()
            schema.add_unsigned_field("number", stored=True)
            schema.add_text_field("body", stored=False, tokenizer_name="en_stem")
            schema = schema.build()

            def build():
                index = tantivy.Index(schema)
                writer = index.writer(200_000_000, 1)
                for number, document in enumerate(documents):
                    body = (document["title"] + " " + document["text"]).strip()
                    writer.add_document(tantivy.Document(number=number, body=body))
                writer.commit()
                writer.wait_merging_threads()
                index.reload()
                return index

            def search(index, depth):
                searcher = index.searcher()
                rows = []
                for query in queries:
                    words = " ".join(re.findall(r"\w+", query.lower()))
                    hits = searcher.search(index.parse_query(words, ["body"]), depth).hits
                    rows.append([ids[searcher.doc(address)["number"][0]] for _, address in hits])
                return rows

        built = [seconds(build) for _ in range(2)]
        retriever = built[-1][1]
        search(retriever, 10)
        times = [seconds(lambda: search(retriever, 10))[0] for _ in range(INPUT["repetitions"])]
        print(json.dumps({
            "documents": len(documents) / min(time for time, _ in built),
            "queries": len(queries) / statistics.median(times),
            "rankings": search(retriever, 100),
        }))
        """#
}
