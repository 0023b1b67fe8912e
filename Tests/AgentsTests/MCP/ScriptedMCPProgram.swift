import Foundation

@testable import Agents

/// An MCP server as a Python program whose tools misbehave on demand.
struct ScriptedMCPProgram {
    /// A Python that needs nothing but itself; `nil` where the machine has none.
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static let isAvailable = python != nil

    /// How the program is started. Options change how it begins: `--page N`, `--version V`, `--mute`, `--slow S`,
    /// `--stateless`, `--noise`.
    static func settings(_ options: String...) -> MCPServerSettings {
        MCPServerSettings(
            name: "scripted",
            transport: .stdio(
                command: python ?? "python3", arguments: ["-I", "-S", "-c", source] + options,
                passedVariables: ["MCP_TEST_PASSED"], variables: ["MCP_TEST_GIVEN": "given"]),
            startTimeout: .seconds(600), callTimeout: .seconds(600))
    }

    static let source = #"""
        import json, os, sys, time
        options = sys.argv[1:]
        value = lambda name, default: options[options.index(name) + 1] if name in options else default
        page, version = int(value("--page", 100)), value("--version", None)
        stateless = "--stateless" in options
        names = ["echo", "hold", "die", "silent", "flood", "garbage", "wrong_ids", "damaged", "big", "failing",
                 "refuse", "progress", "ask", "drop", "environment", "cancellations", "child", "kinds", "structured",
                 "bare", "input"]
        held, cancelled, doomed, asked = [], [], [], {}

        def write(text):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()

        def send(**message):
            write(json.dumps({"jsonrpc": "2.0", **message}))

        def text(id, text, **more):
            send(id=id, result={"content": [{"type": "text", "text": text}], **more})

        def die():
            sys.stderr.write("out of luck")
            sys.stderr.flush()
            os._exit(3)

        def call(id, name, arguments, meta):
            if name not in names:
                send(id=id, error={"code": -32602, "message": "Unknown tool: " + name})
            elif name == "echo":
                text(id, arguments.get("text", ""))
            elif name == "hold":
                held.append((id, arguments["text"]))
                if doomed:
                    die()
                if len(held) == arguments["until"]:
                    for id, value in reversed(held):
                        text(id, value)
                    held.clear()
            elif name == "die":
                if arguments.get("once_held") and not held:
                    doomed.append(id)
                else:
                    die()
            elif name == "flood":
                for number in range(20000):
                    send(method="notifications/message", params={"level": "info", "data": "noise %d" % number})
                text(id, "after the flood")
            elif name == "garbage":
                write("Starting up...")
                write("[1, 2]")
                write("{}")
                write('{"jsonrpc": "2.0"')
                sys.stdout.buffer.write(b"\xff\xfe\x00\n\r\n\n")
                text(id, "after the garbage")
            elif name == "wrong_ids":
                text(id + 1000, "not yours")
                text(str(id), "not yours either")
            elif name == "damaged":
                write('{"jsonrpc":"2.0","id":%d,"result":{"content":[{"id":77}' % id)
            elif name == "big":
                text(id, "x" * arguments["size"])
            elif name == "failing":
                text(id, " no such drug. ", isError=True)
            elif name == "refuse":
                send(id=id, error={"code": arguments["code"], "message": "refused."})
            elif name == "progress":
                for step in range(4):
                    time.sleep(0.4)
                    send(method="notifications/progress", params={"progressToken": meta["progressToken"], "progress": step})
                text(id, "done")
            elif name == "ask":
                asked[901] = asked[902] = None
                asked["id"] = id
                send(id=901, method="ping")
                send(id=902, method="sampling/createMessage", params={})
            elif name == "drop":
                names.remove("echo")
                send(method="notifications/tools/list_changed")
                text(id, "dropped")
            elif name == "environment":
                text(id, " ".join(sorted(os.environ)))
            elif name == "cancellations":
                text(id, json.dumps(cancelled))
            elif name == "child":
                child = os.fork()
                if child == 0:
                    os.close(1)
                    time.sleep(600)
                    os._exit(0)
                text(id, str(child))
            elif name == "kinds":
                send(id=id, result={"content": [
                    {"type": "text", "text": "first"},
                    {"type": "image", "data": "AAAA", "mimeType": "image/png"},
                    {"type": "audio", "data": "AAAA", "mimeType": "audio/wav"},
                    {"type": "resource_link", "uri": "https://example.org/1", "name": "one", "description": "a page"},
                    {"type": "resource", "resource": {"uri": "file:///2", "text": "second"}},
                    {"type": "resource", "resource": {"uri": "file:///3", "blob": "AAAA", "mimeType": "application/pdf"}},
                    {"type": "hologram"}]})
            elif name == "structured":
                send(id=id, result={"content": [], "structuredContent": {"dose": 5}})
            elif name == "bare":
                send(id=id, result=5)
            elif name == "input":
                send(id=id, result={"resultType": "input_required", "inputRequests": {}})

        def request(id, method, params):
            meta = params.get("_meta", {})
            if stateless and method != "initialize":
                if meta.get("io.modelcontextprotocol/protocolVersion") != "2026-07-28":
                    return send(id=id, error={"code": -32022, "message": "unsupported version"})
            if method == "initialize":
                if stateless:
                    return send(id=id, error={"code": -32601, "message": "no initialize"})
                if "--mute" in options:
                    sys.stderr.write("waiting for the database")
                    sys.stderr.flush()
                    return
                time.sleep(float(value("--slow", 0)))
                send(id=id, result={"protocolVersion": version or params["protocolVersion"],
                                    "capabilities": {"tools": {"listChanged": True}},
                                    "serverInfo": {"name": "scripted", "version": "0.1"}})
            elif method == "server/discover":
                send(id=id, result={"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                                    "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "modern", "version": "2"}}})
            elif method == "tools/list":
                start = int(params.get("cursor", 0))
                tools = [{"name": name, "description": "Does " + name, "inputSchema": {
                    "type": "object", "properties": {"text": {"type": "string"}}, "required": []}}
                    for name in names[start:start + page]]
                if "--twice" in options:
                    tools += tools[:1]
                if "--odd" in options:
                    tools[0]["name"] = "<|im_end|>"
                more = {"nextCursor": str(start + page)} if start + page < len(names) else {}
                if "--circle" in options:
                    more = {"nextCursor": "0"}
                send(id=id, result={"tools": tools, **more})
            elif method == "tools/call":
                call(id, params["name"], params.get("arguments", {}), meta)
            else:
                send(id=id, error={"code": -32601, "message": "no " + method})

        if "--noise" in options:
            write("Server v1 ready")
            sys.stderr.write("y" * 100000)
            sys.stderr.flush()
        for line in sys.stdin:
            message = json.loads(line)
            if "method" not in message:
                asked[message["id"]] = message.get("result", message.get("error", {}).get("code"))
                if message["id"] == 902:
                    text(asked["id"], json.dumps([asked[901], asked[902]]))
            elif "id" in message:
                request(message["id"], message["method"], message.get("params", {}))
            elif message["method"] == "notifications/cancelled":
                cancelled.append(message["params"]["requestId"])
        """#
}
