import Storage

/// What a user of networkx would write for the same work. Times are processor seconds.
enum KnowledgePeer {
    static let keys = ["load", "closure", "chains", "augmented_chain"]

    /// The bytes of a triples table, decompressed.
    static func table(_ path: String) throws -> [UInt8] {
        let bytes = try FileStore.read(path)
        return path.hasSuffix(".zst") ? try Zstandard.decompress(bytes) : bytes
    }

    static let script = #"""
        import random
        import time

        import networkx

        start = time.process_time()
        graph = networkx.MultiDiGraph()
        with open(INPUT["table"], encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                fields = line.rstrip("\n").split("\t")
                graph.add_edge((fields[1], fields[0]), (fields[4], fields[3]), key=fields[2])
        undirected = networkx.Graph(graph.to_undirected(as_view=True))
        load = time.process_time() - start

        start = time.process_time()
        hierarchy = networkx.DiGraph((a, b) for a, b, key in graph.edges(keys=True) if key == "is_a")
        networkx.transitive_closure_dag(hierarchy)
        closure = time.process_time() - start

        generator = random.Random(INPUT["seed"])
        nodes = list(graph.nodes)


        def follow(sources, step):
            relation, is_inverse = step
            reached = set()
            for source in sources:
                edges = graph.in_edges(source, keys=True) if is_inverse else graph.out_edges(source, keys=True)
                for head, tail, key in edges:
                    if key == relation:
                        reached.add(head if is_inverse else tail)
            return reached


        def draw():
            node = anchor = generator.choice(nodes)
            steps = []
            for _ in range(generator.randint(2, 6)):
                options = [(key, False, tail) for _, tail, key in graph.out_edges(node, keys=True)]
                options += [(key, True, head) for head, _, key in graph.in_edges(node, keys=True)]
                relation, is_inverse, node = generator.choice(options)
                steps.append((relation, is_inverse))
            reached = {anchor}
            for step in steps:
                reached = follow(reached, step)
            if len(reached) != 1:
                return False
            lengths = networkx.single_source_shortest_path_length(undirected, anchor, cutoff=len(steps))
            return lengths.get(reached.pop()) == len(steps)


        found = 0
        start = time.process_time()
        while time.process_time() - start < INPUT["seconds"]:
            found += draw()
        chains = found / (time.process_time() - start) * 60


        def augmented_chain(size=8):
            first = generator.choice(nodes)
            for _ in range(10):
                last = generator.choice(nodes)
                if last != first and not undirected.has_edge(first, last):
                    break
            try:
                backbone = networkx.shortest_path(undirected, first, last)
            except networkx.NetworkXNoPath:
                return None
            chosen = list(backbone)
            for node in backbone:
                fresh = [other for other in undirected.neighbors(node) if other not in chosen]
                generator.shuffle(fresh)
                chosen += fresh[: generator.randint(1, 2)]
            return chosen[:size]


        start = time.process_time()
        for _ in range(200):
            augmented_chain()
        augmented = (time.process_time() - start) / 200 * 1e3

        print(json.dumps({"load": load, "closure": closure, "chains": chains, "augmented_chain": augmented}))
        """#
}
