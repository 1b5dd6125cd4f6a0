// Runs a script as a shell does; commands of the system are the host's.

/// How a statement ended.
enum ShellFlow: Hashable, Sendable {
  case next
  /// `break N`, `continue N`.
  case leave(Int)
  case again(Int)
  /// `return`, `exit`, or a bound that was reached.
  case back, exit, stop
}

/// What a subshell has for itself.
struct ShellScope: Sendable {
  var variables: [String: ShellVariable] = [:]
  var functions: [String: (function: ShellFunction, file: String)] = [:]
  var arguments: [ShellValue] = []
  /// The values that variables had before `local`, by call.
  var shadowed: [[String: ShellVariable?]] = []
  /// `set -e`, `set -u`, `set -o pipefail`, `set -E`.
  var exitsOnError = false
  var refusesUnset = false
  var failsInPipe = false
  var inheritsTrap = false
  /// What `trap` is to run at the end, and behind a command that fails.
  var trap: String?
  var errorTrap: String?
  /// Where files are whose names are relative.
  var folder = ShellFolder.start
  /// Where the descriptors lead to.
  var descriptors: [Int: ShellDescriptor] = [0: .terminal, 1: .sink(0), 2: .sink(1)]
  var file: String
}

/// Where a descriptor leads to.
enum ShellDescriptor: Hashable, Sendable {
  case terminal
  case closed
  /// Text that is read, by its place among the inputs.
  case input(Int)
  /// Text that is written, by its place among the sinks.
  case sink(Int)
}

/// Text that is being written.
struct ShellSink: Sendable {
  var text: [UInt8] = []
  var unknown: ShellUnknown?
  /// Whether it is thrown away.
  var isNull = false
}

/// Text that is being read.
struct ShellInput: Sendable {
  var text: [UInt8]
  var position = 0
  var unknown: ShellUnknown?
  /// The line of the script in which it begins, for a here-document whose lines are those of the script.
  var line: Int?
}

/// Runs scripts. A copy is a world of its own, in which a condition can be tried both ways.
public struct ShellInterpreter<Host: ShellHost>: Sendable {
  /// The system.
  public var host: Host
  /// What is to be said.
  public var notes: [ShellNote] = []
  /// The status of the command before.
  public internal(set) var status = ShellStatus.success
  let options: ShellOptions
  let dialect: ShellDialect
  var scope: ShellScope
  /// The script's output, its errors, `/dev/null`, then others.
  var sinks: [ShellSink] = [ShellSink(), ShellSink(), ShellSink(isNull: true)]
  var inputs: [ShellInput] = []
  /// Files that the script writes itself, by path: the place of their sink.
  var files: [String: Int] = [:]
  var documents: [Int: ShellDocument] = [:]
  var nextDocument = 0
  var steps = 0
  var written = 0
  var calls = 0
  var forks = 0
  /// How many constructs ask for the status of what runs.
  var asked = 0
  var isStopped = false
  /// Whether an expansion ends the script (`${name:?}`), and the status that it leaves.
  var isEnding = false
  var endingStatus = 2
  /// What aliases stand for, and whether bash follows them.
  var aliases: [String: String] = [:]
  var expandsAliases = false
  /// Whether the script asks how the commands of a pipeline ended.
  var keepsPipeStatus = false
  /// Where `getopts` goes on: what OPTIND says, the word, and the letter in it.
  var optionPlace = (shown: 1, index: 1, offset: 1)
  /// The status of the last command substitution of a command without words.
  var substitutionStatus: ShellStatus?

  /// Makes a shell.
  public init(host: Host, dialect: ShellDialect, options: ShellOptions) {
    self.host = host
    self.dialect = dialect
    self.options = options
    scope = ShellScope(file: options.name)
    scope.arguments = options.arguments.map { ShellValue($0) }
    for (name, value) in options.variables { scope.variables[name] = ShellVariable(ShellValue(value)) }
    for (name, value) in ["UID": "0", "EUID": "0", "OSTYPE": "linux-gnu"]
    where dialect == .bash && scope.variables[name] == nil { scope.variables[name] = ShellVariable(ShellValue(value)) }
  }

  /// The script's standard output so far; what of it is not known is left out.
  public var output: ShellValue { value(of: sinks[0]) }
  /// The script's standard error so far.
  public var errors: ShellValue { value(of: sinks[1]) }

  func value(of sink: ShellSink) -> ShellValue {
    var value = ShellValue(String(decoding: sink.text, as: UTF8.self))
    value.unknown = sink.unknown
    return value
  }

  /// Runs a whole script.
  public mutating func run(_ script: [UInt8]) {
    _ = run(text: script, firstLine: 1)
    if let trap = scope.trap {
      scope.trap = nil
      isStopped = false
      let status = status
      _ = run(text: Array(trap.utf8), firstLine: 1)
      self.status = status
    }
  }

  /// Reads and runs a text in this shell: a script, a sourced file, the words of `eval`.
  mutating func run(text: [UInt8], firstLine: Int) -> ShellFlow {
    calls += 1
    defer { calls -= 1 }
    guard calls <= ShellLimits.deepestCall else {
      return stop(
        ShellPlace(line: firstLine, column: 1), "more than \(ShellLimits.deepestCall) calls stand inside each other")
    }
    if dialect == .bash, !keepsPipeStatus { keepsPipeStatus = ShellInterpreter.has("PIPESTATUS", in: text) }
    var parser = ShellParser(text, dialect: dialect, firstLine: firstLine, nextDocument: nextDocument)
    // A shell reads a line only when those above it have run: they may have made aliases.
    while true {
      parser.aliases = dialect == .posix || expandsAliases ? aliases : [:]
      let (script, error) = parser.next()
      nextDocument = parser.nextDocument
      for (id, document) in parser.documents { documents[id] = document }
      parser.documents = [:]
      if let script {
        let flow = run(script)
        parser.nextDocument = nextDocument
        if flow != .next { return flow }
      } else if let error {
        note(
          .broken, error.place, "a shell does not read the script any further: \(error.message)",
          help: hint(text, error))
        status = .known(2)
        return .exit
      } else {
        return .next
      }
    }
  }

  /// Whether a word stands somewhere in a text.
  private static func has(_ word: String, in text: [UInt8]) -> Bool {
    let wanted = Array(word.utf8)
    guard let first = wanted.first, text.count >= wanted.count else { return false }
    for place in 0...(text.count - wanted.count) where text[place] == first {
      if text[place..<(place + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }

  private func hint(_ text: [UInt8], _ error: ShellSyntaxError) -> String? {
    for place in text.indices where text[place] == 0x0d && place + 1 < text.count && text[place + 1] == 0x0a {
      return "the lines end with carriage returns, which count as part of their last word: save it with Unix line ends"
    }
    return nil
  }

  /// Runs statements in order.
  mutating func run(_ script: ShellScript) -> ShellFlow {
    for statement in script.statements {
      let flow = run(statement)
      if flow != .next { return flow }
    }
    return .next
  }

  private mutating func run(_ statement: ShellStatement) -> ShellFlow {
    if statement.isBackground {
      // In a subshell of its own; what it does, it does at once here.
      let flow = subshell { $0.run(statement, from: 0) }
      status = .success
      return flow == .stop ? .stop : .next
    }
    return run(statement, from: 0)
  }

  private mutating func run(_ statement: ShellStatement, from start: Int) -> ShellFlow {
    var index = start
    var hasRunLast = false
    while index < statement.pipelines.count {
      let (joint, pipeline) = statement.pipelines[index]
      if joint != .first {
        guard let isSuccess = status.isSuccess else {
          return decide(status.reason, pipeline.place) { (shell, answer) in
            shell.status = answer ? .success : .failure
            return shell.run(statement, from: index)
          }
        }
        if (joint == .and) != isSuccess {
          index += 1
          continue
        }
      }
      hasRunLast = index == statement.pipelines.count - 1
      if !hasRunLast { asked += 1 }
      let flow = run(pipeline)
      if !hasRunLast { asked -= 1 }
      if flow != .next { return flow }
      index += 1
    }
    guard hasRunLast, asked == 0, status.isSuccess == false,
      statement.pipelines.last?.pipeline.isNegated == false
    else { return .next }
    if let trap = scope.errorTrap, scope.shadowed.isEmpty || scope.inheritsTrap {
      scope.errorTrap = nil
      let before = status
      let flow = run(text: Array(trap.utf8), firstLine: statement.pipelines.last?.pipeline.place.line ?? 1)
      scope.errorTrap = trap
      if flow != .next { return flow }
      status = before
    }
    return scope.exitsOnError ? .exit : .next
  }

  private mutating func run(_ pipeline: ShellPipeline) -> ShellFlow {
    if pipeline.isNegated { asked += 1 }
    defer { if pipeline.isNegated { asked -= 1 } }
    var flow = ShellFlow.next
    if pipeline.commands.count == 1 {
      flow = run(pipeline.commands[0])
      if keepsPipeStatus { scope.variables["PIPESTATUS"] = ShellVariable(content: .indexed(codes([status]))) }
    } else {
      flow = piped(pipeline)
    }
    if pipeline.isNegated {
      switch status {
      case .known(let code): status = .known(code == 0 ? 1 : 0)
      case .assumed(let reason), .unknown(let reason):
        guard flow == .next else { return flow }
        return decide(reason, pipeline.place) { (shell, answer) in
          shell.status = answer ? .failure : .success
          return .next
        }
      }
    }
    return flow
  }

  /// Commands joined by `|`: each in a subshell, one after the other.
  private mutating func piped(_ pipeline: ShellPipeline) -> ShellFlow {
    var input: ShellDescriptor?
    var ends: [ShellStatus] = []
    for (index, command) in pipeline.commands.enumerated() {
      let isLast = index == pipeline.commands.count - 1
      let sink = isLast ? nil : newSink()
      let flow = subshell { (shell) in
        if let input { shell.scope.descriptors[0] = input }
        if let sink { shell.scope.descriptors[1] = .sink(sink) }
        return shell.run(command)
      }
      if flow == .stop { return .stop }
      ends.append(status)
      if let sink { input = newInput(from: sink) }
    }
    if keepsPipeStatus { scope.variables["PIPESTATUS"] = ShellVariable(content: .indexed(codes(ends))) }
    guard scope.failsInPipe else { return .next }
    // The last one that failed; one that is not known leaves that open.
    for end in ends.reversed() {
      if end.isSuccess == true { continue }
      if case .assumed = end { continue }
      status = end
      return .next
    }
    return .next
  }

  /// How each command of a pipeline ended (bash(1), `PIPESTATUS`).
  private func codes(_ ends: [ShellStatus]) -> [Int: ShellValue] {
    var values: [Int: ShellValue] = [:]
    for (index, end) in ends.enumerated() {
      if case .known(let code) = end {
        values[index] = ShellValue("\(code)")
      } else {
        values[index] = end.reason.map { ShellValue(unknown: $0) } ?? ShellValue("0")
      }
    }
    return values
  }

  mutating func newSink() -> Int {
    sinks.append(ShellSink())
    return sinks.count - 1
  }

  /// What was written, to be read; the sink gives up its text.
  mutating func newInput(from sink: Int) -> ShellDescriptor {
    let text = sinks[sink]
    sinks[sink].text = []
    inputs.append(ShellInput(text: text.text, unknown: text.unknown))
    return .input(inputs.count - 1)
  }

  mutating func newInput(_ value: ShellValue, of document: ShellDocument? = nil) -> ShellDescriptor {
    var input = ShellInput(text: Array(value.text.utf8), unknown: value.unknown)
    // Where an expansion made lines, or a line went on, those of the text are no longer those of the script.
    if let document, input.text.count(where: { $0 == 0x0a }) == document.lines { input.line = document.word.place.line }
    inputs.append(input)
    return .input(inputs.count - 1)
  }

  /// Runs something in a subshell: variables, functions and directories are as before when it is done.
  mutating func subshell(_ body: (inout ShellInterpreter) -> ShellFlow) -> ShellFlow {
    let before = scope
    scope.trap = nil
    let flow = body(&self)
    if let trap = scope.trap, flow != .stop {
      scope.trap = nil
      let status = status
      _ = run(text: Array(trap.utf8), firstLine: 1)
      self.status = status
    }
    scope = before
    return flow == .stop ? .stop : .next
  }

  // MARK: Bounds and notes

  mutating func note(_ kind: ShellNote.Kind, _ place: ShellPlace, _ message: String, help: String? = nil) {
    let note = ShellNote(kind: kind, file: scope.file, place: place, message: message, help: help)
    guard notes.count < ShellLimits.mostNotes || kind != .remark, notes.count < 2 * ShellLimits.mostNotes,
      !notes.suffix(200).contains(note)
    else { return }
    notes.append(note)
  }

  /// Ends the script at a bound.
  mutating func stop(_ place: ShellPlace, _ why: String) -> ShellFlow {
    if !isStopped { note(.unread, place, "the script is not read any further: \(why)") }
    isStopped = true
    return .stop
  }

  /// Counts a step; false when there were too many.
  mutating func step(_ place: ShellPlace) -> Bool {
    steps += 1
    if steps <= options.mostSteps, !isStopped { return true }
    _ = stop(place, "more than \(options.mostSteps) commands were run")
    return false
  }

  /// Writes to a descriptor.
  mutating func write(_ value: ShellValue, to descriptor: Int, _ place: ShellPlace) {
    guard case .sink(let sink)? = scope.descriptors[descriptor], !sinks[sink].isNull else { return }
    written += value.text.utf8.count
    guard written <= options.mostOutput else {
      _ = stop(place, "it writes more than \(options.mostOutput >> 20) MiB")
      return
    }
    sinks[sink].text += Array(value.text.utf8)
    if let unknown = value.unknown, sinks[sink].unknown == nil { sinks[sink].unknown = unknown }
  }

  // MARK: What is not known

  /// Goes on both ways from a condition that is not known: if both come to the same, it does not matter.
  mutating func decide(
    _ reason: ShellUnknown?, _ place: ShellPlace, _ body: (inout ShellInterpreter, Bool) -> ShellFlow
  ) -> ShellFlow {
    let reason = reason ?? ShellUnknown(line: place.line, what: "a condition")
    if let answer = options.answers["\(place.line)"] ?? options.answers["\(scope.file):\(place.line)"]
      ?? options.answers["\(reason.line)"]
    {
      return body(&self, answer)
    }
    let help = "say what it is: --assume \(place.line)=yes or --assume \(place.line)=no"
    guard forks < ShellLimits.deepestFork else {
      note(.unread, place, "\(reason.what) is not known", help: help)
      return .next
    }
    forks += 1
    var yes = self
    let yesFlow = body(&yes, true)
    var no = self
    let noFlow = body(&no, false)
    forks -= 1
    yes.forks = forks
    no.forks = forks
    let isSame = yes.host.isSame(as: no.host)
    let unread = { (notes: [ShellNote]) in notes.contains { $0.kind != .remark } }
    if isSame, yesFlow == noFlow, !unread(Array(yes.notes[notes.count...])), !unread(Array(no.notes[notes.count...])) {
      let before = notes.count
      let others = yes.notes[before...]
      self = no
      steps = max(steps, yes.steps)
      for note in others where !notes[before...].contains(note) { notes.append(note) }
      merge(yes, reason)
      return noFlow
    }
    // One way ends the script or leaves the loop, or the rules differ: that cannot be left open.
    let goesOn = yesFlow == .next && noFlow != .next
    let before = notes.count
    let other = goesOn ? no.notes[before...] : yes.notes[before...]
    self = goesOn ? yes : no
    let flow = goesOn ? yesFlow : noFlow
    for note in other where note.kind != .remark && !notes[before...].contains(note) { notes.append(note) }
    note(
      .unread, place, "\(reason.what) is not known, and the rules depend on it", help: help)
    return flow == .next || !goesOn && yesFlow != .next ? flow : .next
  }

  /// What differs after a condition that is not known is not known either.
  private mutating func merge(_ other: ShellInterpreter, _ reason: ShellUnknown) {
    if status != other.status { status = .unknown(reason) }
    for (name, variable) in scope.variables where other.scope.variables[name] != variable {
      scope.variables[name] = unknown(name, reason)
    }
    for name in other.scope.variables.keys where scope.variables[name] == nil {
      scope.variables[name] = unknown(name, reason)
    }
    if scope.arguments != other.scope.arguments {
      scope.arguments = scope.arguments.map { _ in ShellValue(unknown: reason) }
    }
    for (name, function) in other.scope.functions where scope.functions[name] == nil {
      scope.functions[name] = function
    }
    for (place, sink) in other.sinks.enumerated() where sinks.indices.contains(place) {
      if sinks[place].text != sink.text, sinks[place].unknown == nil { sinks[place].unknown = reason }
    }
  }

  private func unknown(_ name: String, _ reason: ShellUnknown) -> ShellVariable {
    ShellVariable(settled(name, ShellValue(unknown: reason)))
  }

  /// A value for a variable: what the caller said, when nothing else is known.
  func settled(_ name: String, _ value: ShellValue) -> ShellValue {
    guard var reason = value.unknown else { return value }
    if let text = options.variables[name] { return ShellValue(text) }
    reason.variable = name
    return ShellValue(unknown: reason)
  }
}
