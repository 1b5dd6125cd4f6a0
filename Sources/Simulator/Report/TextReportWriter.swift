// A report for people that is being written: its rows and blocks.

import NetfilterModel

/// The state of a report that is being written.
struct TextReportWriter {
  let style: Style
  let explains: Bool
  let index: RuleIndex
  var text = ""
  var cursor = WalkCursor()
  /// The packets as they were last shown, by their numbers.
  var shown: [Int: Packet] = [:]
  /// The number of the packet of this step.
  var number = 0

  init(style: Style, explains: Bool, host: LinuxHost) {
    self.style = style
    self.explains = explains
    index = RuleIndex(host)
  }

  /// Where the text of a row starts.
  var textColumn: Int { 25 }

  mutating func title(_ title: String) {
    for line in Style.wrap(title, room: style.width) { text += style.paint(line, .title) + "\n" }
  }

  /// A row: a name, and a text that is wrapped beside it.
  mutating func row(
    _ name: String, _ content: String, location: String? = nil, role: Style.Role = .plain, marker: String = "  "
  ) {
    let room = style.width - textColumn
    var lines = Style.wrap(content, room: room)
    var head = marker + name
    if head.count > textColumn - 1 {
      text += marker + style.paint(name, .place) + "\n"
      head = ""
    } else {
      head = marker + style.paint(name, .place) + Style.blanks(textColumn - head.count)
    }
    if head.isEmpty { head = Style.blanks(textColumn) }
    var tail = ""
    if let location {
      let last = lines[lines.count - 1]
      if last.count + 2 + location.count <= room {
        tail = Style.blanks(room - last.count - location.count) + style.paint(location, .location)
      } else {
        lines.append("")
        tail = Style.blanks(room - location.count) + style.paint(location, .location)
      }
    }
    for (number, line) in lines.enumerated() {
      let isLast = number == lines.count - 1
      let start = number == 0 ? head : Style.blanks(textColumn)
      var whole = start + style.paint(line, role) + (isLast ? tail : "")
      while whole.hasSuffix(" ") { whole.removeLast() }
      text += whole + "\n"
    }
  }

  /// The packet on a line of its own.
  mutating func packetLine(_ packet: Packet, indent: Int) {
    for line in Style.wrap(PacketSummary.text(packet), room: style.width - indent) {
      text += Style.blanks(indent) + line + "\n"
    }
  }

  mutating func block(_ name: String, _ content: String) {
    let gap = Style.blanks(max(1, 12 - name.count))
    text += "\n" + style.paint(name, .title) + gap + Style.printable(content) + "\n"
  }

  /// Shows the packet again if it is not as it was last shown.
  mutating func update(_ packet: Packet, name: String) {
    guard let before = shown[number] else {
      shown[number] = packet
      return
    }
    let changes = PacketChange.between(before, packet)
    shown[number] = packet
    guard !changes.isEmpty else { return }
    let words = changes.map { change in
      switch (change.old.isEmpty, change.new.isEmpty) {
      case (true, true): "payload changed"
      case (true, false): "\(change.name) \(change.new) added"
      case (false, true): "\(change.name) \(change.old) removed"
      case (false, false): "\(change.name) \(change.old) -> \(change.new)"
      }
    }
    row(name, words.joined(separator: ", "), role: .change, marker: "* ")
    packetLine(packet, indent: 6)
  }
}
