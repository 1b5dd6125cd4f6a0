// swift-tools-version: 6.2
// hookwalk: walks packets through Linux netfilter offline. No dependencies.
// Built and tested with Swift 6.3 on Linux (x86-64); the libraries also as Embedded Swift for wasm32. Nothing else is built.
import PackageDescription

let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
  name: "hookwalk",
  products: [
    .library(name: "NetfilterModel", targets: ["NetfilterModel"]),
    .library(name: "Simulator", targets: ["Simulator"]),
    .library(name: "RuleScripts", targets: ["RuleScripts"]),
    .library(name: "FlowTesting", targets: ["FlowTesting"]),
    .library(name: "RuleAnalysis", targets: ["RuleAnalysis"]),
    .executable(name: "hookwalk", targets: ["hookwalk"]),
  ],
  targets: [
    .target(name: "NetfilterModel", swiftSettings: settings),
    .target(name: "Simulator", dependencies: ["NetfilterModel"], swiftSettings: settings),
    .target(name: "ShellScript", swiftSettings: settings),
    .target(name: "RuleScripts", dependencies: ["NetfilterModel", "ShellScript"], swiftSettings: settings),
    .target(
      name: "FlowTesting", dependencies: ["NetfilterModel", "Simulator", "RuleScripts"], swiftSettings: settings),
    .target(
      name: "RuleAnalysis", dependencies: ["NetfilterModel", "Simulator", "FlowTesting"], swiftSettings: settings),
    .target(
      name: "Page", dependencies: ["NetfilterModel", "Simulator"],
      resources: [.embedInCode("Document/walk.css"), .embedInCode("Document/walk.js")], swiftSettings: settings),
    .executableTarget(
      name: "hookwalk",
      dependencies: ["NetfilterModel", "Simulator", "RuleScripts", "FlowTesting", "RuleAnalysis", "Page"],
      swiftSettings: settings),
    .testTarget(name: "ArchitectureTests", swiftSettings: settings),
    .testTarget(
      name: "NetfilterModelTests", dependencies: ["NetfilterModel"], exclude: ["Recorded"], swiftSettings: settings),
    .executableTarget(
      name: "Benchmarks", dependencies: ["NetfilterModel", "Simulator", "FlowTesting"], path: "Tests/Benchmarks",
      exclude: ["compare.py", "start.py", "versions.py", "README.md"],
      swiftSettings: settings),
    .testTarget(
      name: "RuleScriptsTests", dependencies: ["NetfilterModel", "ShellScript", "RuleScripts"], swiftSettings: settings),
    .testTarget(
      name: "SimulatorTests", dependencies: ["NetfilterModel", "Simulator", "FlowTesting"], exclude: ["Recorded"],
      swiftSettings: settings),
    .testTarget(
      name: "FlowTestingTests",
      dependencies: ["ShellScript", "NetfilterModel", "RuleScripts", "Simulator", "FlowTesting", "RuleAnalysis"],
      swiftSettings: settings),
    .testTarget(
      name: "RuleAnalysisTests", dependencies: ["NetfilterModel", "Simulator", "FlowTesting", "RuleAnalysis"],
      swiftSettings: settings),
    .testTarget(
      name: "HookwalkTests", dependencies: ["NetfilterModel", "hookwalk"], exclude: ["junit.xsd"],
      swiftSettings: settings),
  ]
)
