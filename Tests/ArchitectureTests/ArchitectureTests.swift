// The rooms of the sources use each other in one direction, as Room.swift says, and Docs/architecture.svg shows them as they are.
// `HOOKWALK_RECORD=1 swift test --filter ArchitectureTests` draws the picture anew; the list of rooms is written by hand.

import Foundation
import Testing

@Suite struct ArchitectureTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    .standardizedFileURL

  static let files: [SourceFile] = {
    let sources = root.appendingPathComponent("Sources")
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: sources.path)) ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().compactMap { path in
      let text = try? String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
      return text.map { SourceFile(path: path, source: $0) }
    }
  }()

  static let graph = RoomGraph(files)

  @Test func roomsAreThoseOfTheList() {
    #expect(Self.graph.rooms == Room.all.map(\.name).sorted())
  }

  @Test func roomsFormNoCircle() {
    #expect(Self.graph.circles == [])
  }

  @Test func roomsUseOnlyWhatTheListAllows() {
    for (arrow, files) in Self.graph.reasons where !Room.reachable(from: arrow.from).contains(arrow.to) {
      let reasons = files.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.sorted().joined(separator: " "))" }
      Issue.record("\(arrow.from) must not use \(arrow.to)\n\(reasons.joined(separator: "\n"))")
    }
  }

  @Test func theListNamesOnlyArrowsThatExist() {
    for room in Room.all {
      for target in room.uses where Self.graph.reasons[RoomArrow(from: room.name, to: target)] == nil {
        Issue.record("\(room.name) does not use \(target) any more: take it out of Room.swift")
      }
    }
  }

  @Test func theListHasNoCircle() {
    for (place, room) in Room.all.enumerated() {
      let lower = Set(Room.all[..<place].map(\.name))
      #expect(lower.isSuperset(of: room.uses), "\(room.name) uses a room that stands below it in the list")
    }
  }

  @Test func filesAreNamedAfterTheirTypes() {
    #expect(Self.files.filter { !$0.isNamedAfterType }.map(\.path) == [])
  }

  @Test func thePictureShowsTheSources() throws {
    let contents = Dictionary(uniqueKeysWithValues: Room.all.map { ($0.name, $0.content) })
    let fresh = RoomPicture(Self.graph, modules: Room.modules, contents: contents).svg
    let file = Self.root.appendingPathComponent("Docs/architecture.svg")
    if ProcessInfo.processInfo.environment["HOOKWALK_RECORD"] != nil {
      try fresh.write(to: file, atomically: true, encoding: .utf8)
    }
    let stored = try? String(contentsOf: file, encoding: .utf8)
    #expect(stored == fresh, "run: HOOKWALK_RECORD=1 swift test --filter ArchitectureTests")
  }
}
