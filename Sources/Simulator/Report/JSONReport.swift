// A walk as values for JSON. Keys are stable; a key that says nothing about an event is absent.

#if !hasFeature(Embedded)

  import NetfilterModel

  /// A packet.
  public struct JSONPacket: Codable, Hashable, Sendable {
    /// The packet in a line, for people.
    public var text: String
    /// The bytes from the IP header on, in hexadecimal.
    public var hex: String
    /// The firewall mark.
    public var mark: UInt32

    init(_ packet: Packet) {
      text = PacketSummary.text(packet)
      hex = packet.hex
      mark = packet.mark
    }
  }

  /// A place in the rules.
  public struct JSONPlace: Codable, Hashable, Sendable {
    /// `v4` or `v6`: whose table it is.
    public var family: String
    /// The table.
    public var table: String
    /// The chain.
    public var chain: String
    /// `rule`, `return` or `policy`, as the kernel's TRACE says.
    public var kind: String
    /// The number in the chain, from 1.
    public var number: Int
    /// The place as reports name it, without the family: `filter/FORWARD#2`, `filter/FORWARD policy`, `filter/web end`.
    public var name: String
    /// The rule's text, without `-A CHAIN`, or `policy ACCEPT`.
    public var text: String
    /// `file:line`.
    public var location: String?
  }

  /// A connection.
  public struct JSONConnection: Codable, Hashable, Sendable {
    /// A number that grows with every connection.
    public var serial: UInt64
    /// The original direction.
    public var original: String
    /// The reply direction.
    public var reply: String
    /// The connection mark.
    public var mark: UInt32
    /// `snat`, `dnat`, `seen-reply`, `assured`, `confirmed`, where they hold.
    public var status: [String]

    init(_ snapshot: Connection) {
      serial = snapshot.serial
      original = snapshot.original.text
      reply = snapshot.reply.text
      mark = snapshot.mark
      let names: [(ConnectionStatus, String)] = [
        (.sourceNAT, "snat"), (.destinationNAT, "dnat"), (.seenReply, "seen-reply"), (.assured, "assured"),
        (.confirmed, "confirmed"),
      ]
      status = names.filter { snapshot.status.contains($0.0) }.map(\.1)
    }
  }

  /// How a walk ended.
  public struct JSONDisposition: Codable, Hashable, Sendable {
    /// `delivered`, `forwarded`, `sent`, `dropped`, `rejected`, `discarded`, `queued`, `held` or `unknown`.
    public var type: String
    /// The interface, for `forwarded` and `sent`.
    public var out: String?
    /// The rule that decided.
    public var place: JSONPlace?
    /// What `rejected` answers with.
    public var with: String?
    /// The queue.
    public var queue: UInt16?
    /// Why, for `discarded` (a stable word) and `unknown` (text).
    public var reason: String?
  }

  /// A condition that fails, or that nothing can decide.
  public struct JSONCondition: Codable, Hashable, Sendable {
    /// The option as iptables-save prints it.
    public var option: String
    /// What the packet had there, as the rule saw it.
    public var saw: String
    /// Whether nothing can decide it.
    public var isUndecided: Bool
  }

  /// A step of a walk.
  public struct JSONEvent: Codable, Hashable, Sendable {
    /// `packet`, `hook`, `table`, `miss`, `hit`, `change`, `verdict`, `conntrack`, `confirmed`, `nat`, `routing`, `log`,
    /// `reassembled`, `emitted`, `delivered`, `end`, `evicted`, `table-full`, `chance` or `answer-unknown`.
    public var type: String
    /// The hook's built-in chain.
    public var hook: String?
    /// The table.
    public var table: String?
    /// The input interface.
    public var `in`: String?
    /// The output interface.
    public var out: String?
    /// The rule.
    public var place: JSONPlace?
    /// The packet after the step.
    public var packet: JSONPacket?
    /// What differs from the packet before, as `name: old -> new`.
    public var changes: [String]?
    /// `received`, `sent`, `looped`, `answer`, `duplicate` or `discovery`, for `packet`; `source` or `destination`, for `nat`.
    public var reason: String?
    /// The conntrack state.
    public var state: String?
    /// The connection.
    public var connection: JSONConnection?
    /// The decision of routing, the verdict of a table, or the text of a log record.
    public var text: String?
    /// How it ended.
    public var disposition: JSONDisposition?
    /// Every condition that fails or cannot be decided, for `miss`.
    public var conditions: [JSONCondition]?
    /// The number of the packet in its walk, from 0.
    public var number: Int?
    /// The number of the packet that caused it.
    public var parent: Int?

    init(_ type: String) { self.type = type }
  }

  /// A walk.
  public struct JSONWalk: Codable, Hashable, Sendable {
    /// The step as it was given, or nil.
    public var step: String?
    /// How the packet itself ended.
    public var disposition: JSONDisposition
    /// What left on a real interface, in order.
    public var emitted: [JSONEmitted]
    /// The steps in order, the first 100,000 of them.
    public var events: [JSONEvent]
    /// How many steps are not shown, where some are not.
    public var hiddenEvents: Int?
    /// What both answers of a match lead to, where the packet is unknown because nothing here can decide it.
    public var undecided: JSONUndecided?
  }

  /// A match that nothing here can decide, with what both answers lead to.
  public struct JSONUndecided: Codable, Hashable, Sendable {
    /// The match as iptables-save prints it.
    public var match: String
    /// How the packet can end when it matches.
    public var ifItMatches: [String]
    /// How the packet can end when it does not.
    public var ifItDoesNot: [String]
    /// The line of a host's description that settles it.
    public var assume: String

    /// Makes a value.
    public init(match: String, ifItMatches: [String], ifItDoesNot: [String], assume: String) {
      self.match = match
      self.ifItMatches = ifItMatches
      self.ifItDoesNot = ifItDoesNot
      self.assume = assume
    }
  }

  /// A packet that left.
  public struct JSONEmitted: Codable, Hashable, Sendable {
    /// The interface.
    public var out: String
    /// The packet.
    public var packet: JSONPacket
  }

  /// Makes values for JSON from walks.
  public struct JSONReport {
    private let index: RuleIndex
    /// How many steps of a walk are shown at most; the rest is counted.
    public var mostEvents: Int

    /// The most steps of a walk that are shown when nothing else is said.
    public static let usualMostEvents = 100_000

    /// Makes a report writer for the walks of a host.
    public init(_ host: LinuxHost, mostEvents: Int = JSONReport.usualMostEvents) {
      index = RuleIndex(host)
      self.mostEvents = mostEvents
    }

    /// The values of a walk.
    public func value(_ walk: Walk, step: String? = nil) -> JSONWalk {
      var builder = JSONBuilder(index: index)
      let events = walk.steps.prefix(max(0, mostEvents)).map { builder.event($0) }
      let hidden = walk.steps.count - events.count + walk.omitted
      return JSONWalk(
        step: step, disposition: builder.disposition(walk.disposition),
        emitted: walk.emitted.map { JSONEmitted(out: $0.output.description, packet: JSONPacket($0.packet)) },
        events: events, hiddenEvents: hidden == 0 ? nil : hidden)
    }
  }

  private struct JSONBuilder {
    let index: RuleIndex
    var cursor = WalkCursor()
    var calls = CallStack()

    func place(_ place: RulePlace) -> JSONPlace {
      JSONPlace(
        family: place.family.name, table: place.table.name, chain: place.chain, kind: place.kind.rawValue,
        number: place.number,
        name: place.shortText, text: index.text(place), location: index.location(place))
    }

    func disposition(_ disposition: Disposition) -> JSONDisposition {
      switch disposition {
      case .delivered: return JSONDisposition(type: "delivered")
      case .forwarded(let output): return JSONDisposition(type: "forwarded", out: output.description)
      case .sent(let output): return JSONDisposition(type: "sent", out: output.description)
      case .dropped(let rule): return JSONDisposition(type: "dropped", place: place(rule))
      case .rejected(let rule, let kind):
        return JSONDisposition(type: "rejected", place: place(rule), with: kind.name(rule.family))
      case .discarded(let cause): return JSONDisposition(type: "discarded", reason: cause.rawValue)
      case .queued(let number, let rule): return JSONDisposition(type: "queued", place: place(rule), queue: number)
      case .held: return JSONDisposition(type: "held")
      case .unknown(let rule, let reason):
        return JSONDisposition(type: "unknown", place: rule.map { place($0) }, reason: reason)
      }
    }

    private func changed(_ event: inout JSONEvent, to packet: Packet) {
      event.packet = JSONPacket(packet)
      guard let before = cursor.previous else { return }
      let changes = PacketChange.between(before, packet)
      if !changes.isEmpty { event.changes = changes.map { "\($0.name): \($0.old) -> \($0.new)" } }
    }

    mutating func event(_ step: WalkStep) -> JSONEvent {
      cursor.take(step)
      var result = describe(step.event)
      result.number = step.packet.number
      result.parent = step.packet.parent
      return result
    }

    private mutating func describe(_ event: WalkEvent) -> JSONEvent {
      var result: JSONEvent
      switch event {
      case .packetStarts(let packet, let input, let reason):
        result = JSONEvent("packet")
        result.packet = JSONPacket(packet)
        if !input.isNone { result.in = input.description }
        result.reason = "\(reason)"
      case .hookEntered(let hook, let input, let output):
        result = JSONEvent("hook")
        result.hook = hook.chainName
        if !input.isNone { result.in = input.description }
        if !output.isNone { result.out = output.description }
      case .tableEntered(let table, let hook):
        calls.enterTable()
        result = JSONEvent("table")
        result.table = table.name
        result.hook = hook.chainName
      case .ruleMissed(let rule, let miss):
        result = JSONEvent("miss")
        result.place = place(rule)
        result.text = miss.text(index.rule(rule), cursor.position)
        result.conditions = (miss.failed + miss.undecided).map {
          JSONCondition(option: $0.option, saw: $0.saw, isUndecided: miss.undecided.contains($0))
        }
      case .ruleHit(let rule, let packet, _, _, _):
        result = JSONEvent("hit")
        result.place = place(rule)
        let known = index.rule(rule)
        if let back = calls.take(rule, known), known == nil, let hook = cursor.position?.hook {
          result.place?.text = back.text(at: rule, hook: hook)
        }
        changed(&result, to: packet)
      case .packetChanged(_, let packet):
        result = JSONEvent("change")
        changed(&result, to: packet)
      case .changedByHost(_, let packet):
        result = JSONEvent("change")
        result.reason = "host"
        changed(&result, to: packet)
      case .tableLeft(let table, let hook, let verdict):
        result = JSONEvent("verdict")
        result.table = table.name
        result.hook = hook.chainName
        result.text =
          switch verdict {
          case .accept: "accept"
          case .drop: "drop"
          case .queue(let number): "queue \(number)"
          case .unknown(let reason): "unknown: \(reason)"
          case .stolen: "stolen"
          }
      case .tracked(let state, let snapshot):
        result = JSONEvent("conntrack")
        result.state = state.name
        result.connection = snapshot.map(JSONConnection.init)
      case .confirmed(let snapshot):
        result = JSONEvent("confirmed")
        result.connection = JSONConnection(snapshot)
      case .translated(let manipulation, _, let packet):
        result = JSONEvent("nat")
        result.reason = "\(manipulation)"
        changed(&result, to: packet)
      case .routed(let decision):
        result = JSONEvent("routing")
        result.text = decision.text(cursor.position?.family ?? .ipv4)
      case .neighbour(let outcome):
        result = JSONEvent("neighbour")
        result.out = outcome.device.description
        result.place = outcome.place.map { place($0) }
        result.text = outcome.text
      case .logged(let record, let rule):
        result = JSONEvent("log")
        result.place = place(rule)
        result.text = record.prefix
      case .outside(let what, let rule):
        result = JSONEvent("outside")
        result.place = place(rule)
        result.text = what
      case .reassembled(let packet):
        result = JSONEvent("reassembled")
        changed(&result, to: packet)
      case .emitted(let packet, let output):
        result = JSONEvent("emitted")
        result.out = output.description
        changed(&result, to: packet)
      case .delivered(let packet):
        result = JSONEvent("delivered")
        changed(&result, to: packet)
      case .ended(let end):
        result = JSONEvent("end")
        result.disposition = disposition(end)
      case .evicted(let snapshot):
        result = JSONEvent("evicted")
        result.connection = JSONConnection(snapshot)
      case .tableFull(let isByChance):
        result = JSONEvent("table-full")
        result.text = isByChance ? "another hash key may find a connection to evict" : "every connection is assured"
      case .chosenByChance: result = JSONEvent("chance")
      case .answerUnknown(let reason):
        result = JSONEvent("answer-unknown")
        result.text = reason
      }
      return result
    }
  }

#endif
