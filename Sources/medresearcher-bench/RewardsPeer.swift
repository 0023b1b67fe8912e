/// The peers of the reward module, called as their users call them, in one process and without warm-up in the figures.
enum RewardsPeer {
    /// Pairs that a peer grades; they are slower by orders of magnitude.
    static let cases = 400

    static func scorers(for workload: String) -> [String] {
        switch workload {
        case "text": ["verl search_r1 EM"]
        case "number": ["verl gsm8k", "math-verify"]
        case "quantity": ["verl math_dapo"]
        case "LaTeX": ["math-verify", "verl math_reward", "verl math_dapo"]
        default: []
        }
    }

    static let script = #"""
        import importlib.util
        import os
        import time


        def verl(name):
            # By path: verl's own __init__ imports a training stack.
            root = list(importlib.util.find_spec("verl").submodule_search_locations)[0]
            path = os.path.join(root, "utils", "reward_score", name + ".py")
            spec = importlib.util.spec_from_file_location("peer_" + name, path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module


        def scorer(name):
            if name == "math-verify":
                from math_verify import parse, verify
                return lambda gold, answer: verify(parse("$" + gold + "$"), parse(answer))
            if name == "verl search_r1 EM":
                module = verl("search_r1_like_qa_em")
                module.random.randint = lambda a, b: 2
                return lambda gold, answer: module.compute_score(answer, {"target": [gold]})
            if name == "verl gsm8k":
                module = verl("gsm8k")
                return lambda gold, answer: module.compute_score("#### " + answer, gold)
            if name == "verl math_reward":
                module = verl("math_reward")
                return lambda gold, answer: module.compute_score(answer, gold)
            if name == "verl math_dapo":
                module = verl("math_dapo")
                return lambda gold, answer: module.compute_score("Answer: " + answer, gold)
            raise ValueError(name)


        grade = scorer(INPUT["scorer"])
        pairs = INPUT["pairs"]
        for gold, answer in pairs[:20]:
            grade(gold, answer)
        start = time.perf_counter()
        for gold, answer in pairs:
            grade(gold, answer)
        print(json.dumps({"rate": len(pairs) / (time.perf_counter() - start)}))
        """#
}
