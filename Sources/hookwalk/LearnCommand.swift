// `hookwalk learn`: lessons, with exercises that are checked.

import FlowTesting
import Simulator

/// Lists, shows, starts and checks lessons.
enum LearnCommand: Subcommand {
  static let name = "learn"
  static let summary = "lessons on the way of packets, with exercises"
  static let help = """
    hookwalk learn                        lists the lessons
    hookwalk learn NUMBER                 shows a lesson
    hookwalk learn start NUMBER [FOLDER]  writes its files to FOLDER (lesson-NUMBER)
    hookwalk learn check [FOLDER]         checks the exercise in FOLDER (.)

    Each lesson has a small host with its rules, a question to answer before you
    run the command below it, and an exercise. Write to `rules.v4` in the folder
    that `start` made, then let `check` say whether it does what was asked; it
    exits with 0 when it does, and with 1 when it does not yet.

      --from FOLDER    a teacher's own lessons: a folder for each, whose name begins
                       with its number, with `lesson.md` (blocks ```file NAME hold
                       the files) and `check.flow` (the tests of the exercise)
      --color WHEN     auto (the default; NO_COLOR is obeyed), always or never

    Example
      hookwalk learn start 1 first && hookwalk learn check first

    """

  /// The file that says which lesson a folder belongs to.
  static let noteName = ".hookwalk-lesson"

  static func run(_ arguments: [String]) throws(CommandError) -> ExitCode {
    let arguments = try CommandArguments(arguments, for: name, [.value("from"), .value("color")])
    let words = arguments.operands
    guard let folder = arguments.value("from") ?? Lesson.own() else {
      throw .input("the lessons are not beside this command; say where they are with --from FOLDER")
    }
    let lessons = try Lesson.all(in: folder)
    switch words.first {
    case nil:
      for lesson in lessons { Terminal.print("  \(lesson.title)\n") }
      Terminal.print("\nhookwalk learn NUMBER shows one, hookwalk learn start NUMBER begins it.\n")
      return .done
    case "start":
      guard words.count == 2 || words.count == 3 else { throw .usage("`learn start` needs the number of a lesson") }
      return try start(try lesson(words[1], lessons), words.count == 3 ? words[2] : "lesson-\(words[1])")
    case "check":
      guard words.count <= 2 else { throw .usage("`learn check` takes one folder") }
      return try check(words.count == 2 ? words[1] : ".", lessons, try arguments.usesColor())
    case let number?:
      guard words.count == 1 else { throw .usage("`learn` does not know what to do with `\(words[1])`") }
      Terminal.print(try lesson(number, lessons).text)
      return .done
    }
  }

  private static func lesson(_ word: String, _ lessons: [Lesson]) throws(CommandError) -> Lesson {
    if let number = Int(word), let lesson = lessons.first(where: { $0.number == number }) { return lesson }
    if let lesson = lessons.first(where: { $0.name == word }) { return lesson }
    throw .usage(
      "there is no lesson `\(word)`" + Dispatcher.suggestion(word, ["start", "check"]) + "\n`hookwalk learn` lists them"
    )
  }

  private static func start(_ lesson: Lesson, _ folder: String) throws(CommandError) -> ExitCode {
    let files = lesson.files
    for (name, _) in files where name.contains("/") || name.isEmpty {
      throw .input("the lesson `\(lesson.name)` shows the file `\(name)`, which is not a plain name")
    }
    for (name, _) in files where FileStatus(path: "\(folder)/\(name)") != nil {
      throw .input("`\(folder)/\(name)` exists already; nothing was written")
    }
    try SystemCall.makeFolder(folder)
    for (name, text) in files { try Terminal.write(text, toFile: "\(folder)/\(name)") }
    try Terminal.write(lesson.name + "\n", toFile: "\(folder)/\(noteName)")
    Terminal.print("\(lesson.title)\n")
    for (name, _) in files { Terminal.print("  \(folder)/\(name)\n") }
    Terminal.print("\nhookwalk learn check \(folder) checks the exercise.\n")
    return .done
  }

  private static func check(_ folder: String, _ lessons: [Lesson], _ usesColor: Bool) throws(CommandError) -> ExitCode {
    let note = "\(folder)/\(noteName)"
    guard FileStatus(path: note) != nil else {
      throw .input("`\(folder)` is no folder of a lesson; `hookwalk learn start NUMBER` makes one")
    }
    let name = try Terminal.read(note).filter { !$0.isNewline }
    let lesson = try lesson(name, lessons)
    // The check's text comes with the lesson; the files that it names are the learner's.
    let suite = FlowSuite(try Terminal.read(lesson.check), file: "\(folder)/check.flow") { path in
      do throws(CommandError) { return try Terminal.read(path) } catch { return nil }
    }
    if !suite.diagnostics.isEmpty { Terminal.complain(TraceCommand.render(suite.diagnostics)) }
    guard suite.isRunnable else {
      Terminal.print("\(lesson.title): not yet\n")
      return .negative
    }
    let report = FlowReport(
      style: Style(color: usesColor, width: TerminalWidth.columns() ?? TerminalWidth.withoutTerminal))
    let outcomes = suite.tests.map { TestFileRun.run($0, of: suite, .fail) }
    for outcome in outcomes { Terminal.print(report.render(outcome)) }
    let totals = FlowTotals(outcomes)
    let isSolved = totals.failed == 0 && totals.passed > 0
    Terminal.print("\n\(lesson.title): \(isSolved ? "solved" : "not yet")\n")
    return isSolved ? .done : .negative
  }
}
