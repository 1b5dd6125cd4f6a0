// The lessons: their commands print what they show, the exercise is not solved at the start, and the solution solves it.
// `HOOKWALK_RECORD=1 swift test --filter LessonTests` writes the outputs anew.

import Foundation
import Testing

@Suite struct LessonTests {
  static let folder = ReadmeTests.root.appendingPathComponent("Docs/learn")
  static let lessons =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.first?.isNumber == true }
    .sorted()

  @Test func thereAreLessons() {
    #expect(LessonTests.lessons.count >= 20)
  }

  @Test(arguments: lessons) func commandsPrintWhatTheLessonShows(_ lesson: String) throws {
    try GuideTests().commandsPrint(whatIsIn: Self.folder.appendingPathComponent("\(lesson)/lesson.md"), "LessonTests")
  }

  @Test(arguments: lessons) func theExerciseIsSolvedByItsSolutionOnly(_ lesson: String) throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("hookwalk-lesson-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let number = lesson.prefix { $0.isNumber }
    let started = try ShellRun("hookwalk learn start \(number) '\(place.path)'")
    #expect(started.code == 0, "\(started.output)")
    let before = try ShellRun("hookwalk learn check '\(place.path)'")
    #expect(before.code == 1, "\(before.output)")
    #expect(before.output.hasSuffix("not yet\n"))
    let solution = Self.folder.appendingPathComponent("\(lesson)/solution")
    for name in try FileManager.default.contentsOfDirectory(atPath: solution.path) {
      let target = place.appendingPathComponent(name)
      try? FileManager.default.removeItem(at: target)
      try FileManager.default.copyItem(at: solution.appendingPathComponent(name), to: target)
    }
    let after = try ShellRun("hookwalk learn check '\(place.path)'")
    #expect(after.code == 0, "\(after.output)")
    #expect(after.output.hasSuffix("solved\n"))
    let again = try ShellRun("hookwalk learn start \(number) '\(place.path)'")
    #expect(again.code == 3, "a started lesson is not written over")
  }
}
