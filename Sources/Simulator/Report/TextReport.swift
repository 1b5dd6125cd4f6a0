// A walk as a person reads it: hooks, tables, the rules that matched, what changed, and who decided.

import NetfilterModel

/// Writes walks as text.
///
/// Each hook is a block. Rows name a place (`filter/FORWARD#3`) and show its rule with file and line. The packet is shown
/// again whenever it changed, with every value that differs. What the host sends by itself follows as a walk of its own.
public struct TextReport: Sendable {
  /// The look.
  public var style: Style
  /// Whether rules that did not match are shown with the first condition that failed.
  public var explains: Bool

  /// Makes a report writer.
  public init(style: Style = Style(), explains: Bool = false) {
    self.style = style
    self.explains = explains
  }

  /// The report of one walk, with a newline at its end.
  ///
  /// - Parameter title: stands before it, or nil.
  public func render(_ walk: Walk, on host: Host, title: String? = nil) -> String {
    var writer = TextReportWriter(style: style, explains: explains, host: host)
    if let title { writer.title(title) }
    for event in walk.events { writer.write(event) }
    return writer.text
  }
}

/// The state of a report that is being written.
struct TextReportWriter {
  let style: Style
  let explains: Bool
  let host: Host
  let index: RuleIndex
  var text = ""
  /// The packet as it was last shown.
  var shown: Packet?
  var family = AddressFamily.ipv4
  var hook = Hook.prerouting
  var table = TableKind.raw
  var input = InterfaceName.none
  var output = InterfaceName.none
  var state = ConnectionState.none
  var connection: ConnectionSnapshot?
  /// Whether the nat table was walked at this hook.
  var walkedNAT = false
  /// How deep the packet is in user chains.
  var hookIsEmpty = false
  var lastHit: RulePlace?

  init(style: Style, explains: Bool, host: Host) {
    self.style = style
    self.explains = explains
    self.host = host
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
    guard let before = shown else {
      shown = packet
      return
    }
    let changes = PacketChange.between(before, packet)
    shown = packet
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

  var view: PacketView? {
    guard let shown, let header = IPHeader(shown.bytes) else { return nil }
    return PacketView(
      packet: shown, header: header, hook: hook, table: table, input: input, output: output, state: state,
      connection: connection)
  }
}
