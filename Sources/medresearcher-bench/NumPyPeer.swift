/// The peer of the matrix kernel where there is no PyTorch: NumPy's matmul on one thread.
enum NumPyPeer {
    /// Make every BLAS that NumPy may be built on use one thread.
    static let environment = ["OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"]

    static let script = #"""
        import time
        import numpy as np


        def product(shape):
            m, n, k = shape["m"], shape["n"], shape["k"]
            random = np.random.default_rng(3)
            c = np.zeros((m, n), dtype=np.float32)
            if shape["kind"] == "forward":
                a, w = random.random((m, k), dtype=np.float32), random.random((n, k), dtype=np.float32)
                return lambda: np.matmul(a, w.T, out=c)
            d, x = random.random((k, m), dtype=np.float32), random.random((k, n), dtype=np.float32)
            return lambda: np.add(c, d.T @ x, out=c)


        def seconds(body):
            start, calls = time.perf_counter(), 0
            while time.perf_counter() - start < 0.1:
                body()
                calls += 1
            times = []
            for _ in range(INPUT["repetitions"]):
                start = time.perf_counter()
                for _ in range(2 * calls):
                    body()
                times.append((time.perf_counter() - start) / (2 * calls))
            return sorted(times)[len(times) // 2]


        kernels = [seconds(product(shape)) for shape in INPUT["kernels"]]
        print(json.dumps({"version": np.__version__, "kernels": kernels}))
        """#
}
