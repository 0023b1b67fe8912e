// swift-tools-version: 6.0
import PackageDescription

/// The rooms of the house, lowest first. A room may import only rooms named in its list, which are all below it.
let rooms: [(name: String, imports: [Target.Dependency])] = [
    ("Primitives", []),
    ("Storage", ["Primitives", "CZstd"]),
    ("Transport", ["Primitives", "CCurl"]),
    ("Tokenizers", ["Primitives", "Storage"]),
    ("TinkerProtocol", ["Primitives", .product(name: "SwiftProtobuf", package: "swift-protobuf")]),
    (
        "EmbeddedBackend",
        [
            "Primitives", "Storage", "Tokenizers", "TinkerProtocol", "CKernels",
            .product(name: "FlyingFox", package: "FlyingFox"),
        ]
    ),
    ("Backends", ["Primitives", "Storage", "Transport", "TinkerProtocol"]),
    ("Rewards", ["Primitives", .product(name: "BigInt", package: "BigInt")]),
    ("Knowledge", ["Primitives", "Storage"]),
    ("Retrieval", ["Primitives", "Storage", "Knowledge"]),
    (
        "Agents",
        ["Primitives", "Storage", "Transport", "Backends", "Tokenizers", "Knowledge", "Retrieval", "Rewards"]
    ),
    ("Synthesis", ["Primitives", "Storage", "Knowledge", "Retrieval", "Rewards", "Agents", "Tokenizers"]),
    ("Evaluation", ["Primitives", "Storage", "Backends", "Rewards", "Agents", "Synthesis"]),
    (
        "Training",
        ["Primitives", "Storage", "Backends", "Tokenizers", "Rewards", "Agents", "Synthesis", "Evaluation"]
    ),
    ("Reporting", ["Primitives", "Storage", "Training"]),
    (
        "Recipes",
        [
            "Primitives", "Storage", "Transport", "Tokenizers", "EmbeddedBackend", "Backends", "Rewards", "Knowledge",
            "Retrieval", "Agents", "Synthesis", "Evaluation", "Training", "Reporting",
            .product(name: "Yams", package: "Yams"),
        ]
    ),
]

/// Rooms with a README of their own.
let documented: Set = [
    "Agents", "EmbeddedBackend", "Knowledge", "Recipes", "Retrieval", "Rewards", "Synthesis", "Tokenizers", "Training",
]

/// Rooms of tight loops over bytes. Debug builds optimise them too: the tests spend most of their time there.
let optimized: Set = ["Primitives", "Retrieval", "Storage", "Tokenizers"]

/// Files of a room that are no sources.
let otherFiles = ["TinkerProtocol": ["tinker_public.proto"]]

/// Files of the tests that are read at run time and are no sources.
let testData = ["EmbeddedBackend": ["Engine/Fixtures"], "Rewards": ["Agreement/Disagreements.json"]]

let testOnlyImports: [String: [Target.Dependency]] = [
    "Agents": [.product(name: "FlyingFox", package: "FlyingFox")],
    "Backends": ["EmbeddedBackend"],
    "Transport": [.product(name: "FlyingFox", package: "FlyingFox")],
]

let package = Package(
    name: "medresearcher",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "medresearcher", targets: ["medresearcher"]),
        .executable(name: "medresearcher-bench", targets: ["medresearcher-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .executableTarget(
            name: "medresearcher",
            dependencies: rooms.map { .init(stringLiteral: $0.name) } + [
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ]),
        .executableTarget(
            name: "medresearcher-bench",
            dependencies: rooms.map { .init(stringLiteral: $0.name) } + [
                .product(name: "ArgumentParser", package: "swift-argument-parser")
            ]),
        .testTarget(
            name: "WholeWalkTests", dependencies: ["medresearcher"] + rooms.map { .init(stringLiteral: $0.name) }),
    ]
        + rooms.map { room in
            .target(
                name: room.name, dependencies: room.imports,
                exclude: (documented.contains(room.name) ? ["README.md"] : []) + (otherFiles[room.name] ?? []),
                swiftSettings: optimized.contains(room.name)
                    ? [.unsafeFlags(["-O"], .when(configuration: .debug))] : [])
        }
        + rooms.map { room in
            .testTarget(
                name: room.name + "Tests",
                dependencies: [.init(stringLiteral: room.name)] + room.imports + (testOnlyImports[room.name] ?? []),
                exclude: testData[room.name] ?? [])
        },
    swiftLanguageModes: [.v6]
)
