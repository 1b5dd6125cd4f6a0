// A report for people that is being written: its rows and blocks.

import NetfilterModel

/// The state of a report that is being written.
struct TextReportWriter {
  let report: TextReport
  let index: RuleIndex
  var cursor = WalkCursor()
  /// The jumps from which the packet has to return.
  var calls = CallStack()
  /// The packets as they were last shown, by their numbers.
  var shown: [Int: Packet] = [:]
  /// The number of the packet of this step.
  var number = 0
  /// The text of the row that is being made.
  var content = ReportText()

  private var text = ReportText(capacity: 2048)
  private var name = ReportText()
  private var location = ReportText()
  private var breaker = LineBreaker()
  /// How many lines stand in the text.
  private var lines = 0
  /// How many lines are not shown.
  private var hidden = 0
  /// Where the line that is being written starts.
  private var lineStart = 0
  /// Lines are shown although there are too many.
  private var isUnbounded = false
  /// Whether the end of the walk's own packet is shown; it is behind all lines where there are too many.
  var hasShownEnd = false

  /// Where the text of a row starts.
  static let textColumn = 25

  init(_ report: TextReport, host: borrowing LinuxHost) {
    self.report = report
    index = RuleIndex(host)
  }

  /// The text so far.
  var written: String { text.string }

  private var style: Style { report.style }

  // MARK: Lines

  /// Ends a line; when there are too many it is counted and taken back.
  mutating func endLine() {
    text.trim(from: lineStart)
    if lines >= report.mostLines, !isUnbounded {
      hidden += 1
      text.cut(to: lineStart)
      return
    }
    lines += 1
    text.endLine()
    lineStart = text.bytes.count
  }

  /// Appends text in a colour.
  private mutating func paint(_ part: ArraySlice<UInt8>, _ role: Style.Role) {
    guard style.color, role != .plain, !part.isEmpty else {
      text.add(part)
      return
    }
    text.add("\u{1b}[")
    text.add(role.rawValue)
    text.add("m")
    text.add(part)
    text.add("\u{1b}[0m")
  }

  /// What was not shown, and how the packet ended all the same.
  mutating func finish(_ walk: Walk) {
    guard hidden > 0 || walk.omitted > 0 || !hasShownEnd else { return }
    isUnbounded = true
    for words in walk.remainder(hiddenLines: hidden) { line(words) }
    if !hasShownEnd { writeEnd(walk.disposition) }
  }

  /// Writes all of something, or nothing of it when it is too much.
  mutating func whole(_ write: (inout TextReportWriter) -> Void) -> Bool {
    let (hiddenBefore, linesBefore, start) = (hidden, lines, lineStart)
    write(&self)
    if hidden == hiddenBefore { return true }
    (hidden, lines, lineStart) = (hiddenBefore, linesBefore, start)
    text.cut(to: start)
    return false
  }

  /// A line as it is, broken where it does not fit.
  mutating func line(_ words: String, indent: Int = 0) {
    content.clear()
    content.add(words)
    writeContent(indent: indent)
  }

  mutating func title(_ title: String) {
    content.clear()
    content.add(title)
    writeContent(indent: 0, role: .title)
  }

  /// Writes the content, broken where it does not fit, `indent` columns from the left.
  private mutating func writeContent(indent: Int, role: Style.Role = .plain) {
    content.makePrintable(from: 0)
    writePrintableContent(indent: indent, role: role)
  }

  private mutating func writePrintableContent(indent: Int, role: Style.Role = .plain) {
    breaker.split(content.bytes, room: style.width - indent)
    for line in breaker.lines {
      text.blanks(indent)
      paint(content.bytes[line], role)
      endLine()
    }
  }

  // MARK: Rows

  /// A row: a name, and a text that is broken beside it.
  mutating func row(_ name: String, _ words: String, role: Style.Role = .plain, marker: String = "  ") {
    content.clear()
    content.add(words)
    writeRow(name, role: role, marker: marker)
  }

  /// A row whose text is the content.
  mutating func writeRow(
    _ name: String, at range: SourceRange? = nil, role: Style.Role = .plain, marker: String = "  "
  ) {
    self.name.clear()
    self.name.add(name)
    writeNamedRow(at: range, role: role, marker: marker)
  }

  /// A row that names a place; its text is the content.
  mutating func writeRow(
    _ place: RulePlace, at range: SourceRange?, role: Style.Role = .plain, marker: String
  ) {
    name.clear()
    name.add(place.table.name)
    name.add("/")
    name.add(place.chain)
    if !place.isEnd {
      name.add("#")
      name.add(place.number)
    }
    writeNamedRow(at: range, role: role, marker: marker)
  }

  private mutating func writeNamedRow(at range: SourceRange?, role: Style.Role, marker: String) {
    let column = Self.textColumn
    let room = style.width - column
    content.makePrintable(from: 0)
    name.makePrintable(from: 0)
    let width = marker.utf8.count + Columns.count(name.bytes, 0..<name.bytes.count)
    text.add(marker)
    paint(name.bytes[...], .place)
    if width > column - 1 {
      endLine()
      text.blanks(column)
    } else {
      text.blanks(column - width)
    }
    breaker.split(content.bytes, room: room)
    let last = breaker.lines.count - 1
    for (number, line) in breaker.lines.enumerated() {
      if number > 0 { text.blanks(column) }
      paint(content.bytes[line], role)
      if number < last { endLine() }
    }
    if let range { write(range, behind: breaker.lastColumns, room: room) }
    endLine()
  }

  /// The place in a file at the right end of the line, or of the next one.
  private mutating func write(_ range: SourceRange, behind used: Int, room: Int) {
    location.clear()
    location.add(printable: range.file)
    location.add(":")
    location.add(range.line)
    let width = Columns.count(location.bytes, 0..<location.bytes.count)
    if used + 2 + width <= room {
      text.blanks(room - used - width)
      paint(location.bytes[...], .location)
      return
    }
    endLine()
    breaker.split(location.bytes, room: style.width)
    let last = breaker.lines.count - 1
    for (number, line) in breaker.lines.enumerated() {
      if last == 0 { text.blanks(style.width - width) }
      paint(location.bytes[line], .location)
      if number < last { endLine() }
    }
  }

  /// The packet on a line of its own.
  mutating func packetLine(_ packet: Packet, indent: Int) {
    content.clear()
    PacketSummary.write(packet, into: &content)
    writePrintableContent(indent: indent)
  }

  /// The head of a block: a name, and a text beside it.
  mutating func block(_ name: String, _ words: String) {
    endLine()
    let column = max(12, name.utf8.count + 1)
    content.clear()
    content.add(printable: words)
    breaker.split(content.bytes, room: style.width - column)
    text.add(style.paint(name, .title))
    text.blanks(column - name.utf8.count)
    for (number, line) in breaker.lines.enumerated() {
      if number > 0 { text.blanks(column) }
      text.add(content.bytes[line])
      endLine()
    }
  }

  /// How a walk ended, behind an arrow.
  mutating func verdict(_ words: String, _ role: Style.Role) {
    endLine()
    content.clear()
    content.add(printable: words)
    breaker.split(content.bytes, room: style.width - 3)
    for (number, line) in breaker.lines.enumerated() {
      text.add(number == 0 ? "=> " : "   ")
      paint(content.bytes[line], role)
      endLine()
    }
  }

  /// A line of its own in bold.
  mutating func heading(_ words: String) {
    content.clear()
    content.add(words)
    writeContent(indent: 0, role: .title)
  }

  /// Shows the packet again if it is not as it was last shown.
  mutating func update(_ packet: Packet, name: String) {
    guard let before = shown[number] else {
      shown[number] = packet
      return
    }
    if before == packet { return }
    let changes = PacketChange.between(before, packet)
    shown[number] = packet
    guard !changes.isEmpty else { return }
    content.clear()
    for (place, change) in changes.enumerated() {
      if place > 0 { content.add(", ") }
      if change.old.isEmpty, change.new.isEmpty {
        content.add("payload changed")
        continue
      }
      content.add(change.name)
      content.add(" ")
      content.add(change.old.isEmpty ? change.new : change.old)
      if change.old.isEmpty {
        content.add(" added")
      } else if change.new.isEmpty {
        content.add(" removed")
      } else {
        content.add(" -> ")
        content.add(change.new)
      }
    }
    writeRow(name, role: .change, marker: "* ")
    packetLine(packet, indent: 6)
  }
}
