// A lesson: a folder with its text, the files that the text shows, and a check that the text does not show.

import FlowTesting

/// A lesson of `hookwalk learn`.
struct Lesson {
  /// The folder's name, which begins with the lesson's number.
  var name: String
  /// The folder.
  var folder: String
  /// The text of `lesson.md`.
  var text: String

  /// The number; nil where the folder's name does not begin with one.
  var number: Int? { Int(name.prefix { $0.isASCII && $0.isNumber }) }
  /// The first heading.
  var title: String {
    for line in text.split(separator: "\n") where line.hasPrefix("# ") { return String(line.dropFirst(2)) }
    return name
  }
  /// The test of the exercise.
  var check: String { folder + "/check.flow" }

  /// The files that the text shows in blocks ` ```file NAME `, in order.
  var files: [(name: String, text: String)] {
    var files: [(name: String, text: String)] = []
    var open: (name: String, text: String)?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let (name, text) = open {
        if line == "```" {
          files.append((name, text))
          open = nil
        } else {
          open = (name, text + line + "\n")
        }
      } else if line.hasPrefix("```file ") {
        open = (String(line.dropFirst("```file ".count)), "")
      }
    }
    return files
  }

  /// Reads the lessons of a folder, in the order of their names.
  ///
  /// - Throws: when there is no such folder, or no lesson in it.
  static func all(in folder: String) throws(CommandError) -> [Lesson] {
    var lessons: [Lesson] = []
    for name in try FolderListing.names(folder) {
      let place = "\(folder)/\(name)"
      guard FileStatus(path: place + "/lesson.md") != nil else { continue }
      lessons.append(Lesson(name: name, folder: place, text: try Terminal.read(place + "/lesson.md")))
    }
    guard !lessons.isEmpty else {
      throw .input("there is no lesson in `\(folder)`: a lesson is a folder with `lesson.md`")
    }
    return lessons
  }

  /// The folder of the lessons that come with hookwalk: beside the command, or in the sources that it was built from; nil when
  /// there is none.
  static func own() -> String? {
    guard let command = SystemCall.executablePath() else { return nil }
    var folder = command
    for _ in 0..<8 {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
      for place in ["/share/hookwalk/learn", "/Docs/learn"] where FileStatus(path: folder + place)?.kind == .folder {
        return folder + place
      }
    }
    return nil
  }
}
