// What a page calls: it hands over texts, and reads back what a walk prints. Compiled together with the libraries, as one module.

/// The session of the page: a WebAssembly module has one.
nonisolated(unsafe) private var page = PageSession()

/// The files that were handed over, the host that packets walk through, and what is to be read.
private struct PageSession {
  var files: [String: String] = [:]
  var host: LinuxHost?
  var conversation = Conversation()
  /// The bytes that the page reads next.
  var output: UnsafeMutableBufferPointer<UInt8>?

  /// Builds the host that a file describes; what is said about it is the output. False when it has errors.
  mutating func describe(_ path: String) -> Bool {
    let files = files
    let described = HostText.describe(files[path] ?? "", file: path) { files[$0] }
    host = described.host
    conversation = Conversation()
    answer(DiagnosticRenderer().render(described.diagnostics))
    return host != nil
  }

  /// Runs a step as `hookwalk trace` does, and prints it as a trace does.
  mutating func run(_ text: String, number: Int, of count: Int, explains: Bool) {
    do throws(FlowError) {
      let step = try PacketText.step(text, file: "packet \(number)")
      let legend = explains && number == 1 ? TextReport.legend + "\n\n" : ""
      answer(legend + (try report(step, text, number, count, explains)))
    } catch {
      answer(DiagnosticRenderer().render(error.diagnostics))
    }
  }

  private mutating func report(
    _ step: FlowStep, _ text: String, _ number: Int, _ count: Int, _ explains: Bool
  ) throws(FlowError) -> String {
    guard host != nil else { return "there is no host\n" }
    let next: FlowPacket?
    do throws(ConversationError) { next = try conversation.packet(of: step.action) } catch {
      return "packet \(number): \(error.message)\n"
    }
    guard let flow = next else {
      switch step.action {
      case .wait(let duration): host?.wait(nanoseconds: duration)
      case .flushConntrack: host?.flushConnections()
      default: break
      }
      return "-- \(text)\n\n"
    }
    let before = host
    let packet = flow.packet.packet(isLocal: flow.origin == .local)
    var arrival: InterfaceName?
    if case .arrival(let input) = flow.origin { arrival = input }
    let walk: Walk? = if let arrival { host?.receive(packet, on: arrival) } else { host?.send(packet) }
    guard let walk, let host else { return "" }
    conversation.record(flow, walk)
    let report = TextReport(explains: explains)
    var output = report.render(walk, on: host, title: count > 1 ? "#\(number) \(text)" : nil)
    if case .unknown = walk.lastEnd, let before, let open = UndecidedMatch(packet, input: arrival, on: before) {
      output += open.text(report, on: host)
    }
    return output + (number < count ? "\n" : "")
  }

  private mutating func answer(_ text: String) {
    output?.deallocate()
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = bytes.initialize(from: text.utf8)
    output = bytes
  }
}

/// A text that the page wrote into memory of `hookwalkAllocate`; gives the memory back.
private func taken(_ address: UnsafeMutablePointer<UInt8>, _ count: Int32) -> String {
  defer { address.deallocate() }
  return String(decoding: UnsafeBufferPointer(start: address, count: Int(count)), as: UTF8.self)
}

/// Memory for a text.
@_expose(wasm, "allocate") @_cdecl("hookwalkAllocate")
func hookwalkAllocate(_ count: Int32) -> UnsafeMutablePointer<UInt8> { .allocate(capacity: max(1, Int(count))) }

/// Hands a file over.
@_expose(wasm, "file") @_cdecl("hookwalkFile")
func hookwalkFile(
  _ name: UnsafeMutablePointer<UInt8>, _ nameCount: Int32, _ text: UnsafeMutablePointer<UInt8>, _ textCount: Int32
) {
  page.files[taken(name, nameCount)] = taken(text, textCount)
}

/// Builds the host that a file describes; 1 when it could be built.
@_expose(wasm, "host") @_cdecl("hookwalkHost")
func hookwalkHost(_ path: UnsafeMutablePointer<UInt8>, _ count: Int32) -> Int32 {
  page.describe(taken(path, count)) ? 1 : 0
}

/// Runs a step.
@_expose(wasm, "step") @_cdecl("hookwalkStep")
func hookwalkStep(
  _ text: UnsafeMutablePointer<UInt8>, _ textCount: Int32, _ number: Int32, _ count: Int32, _ explains: Int32
) {
  page.run(taken(text, textCount), number: Int(number), of: Int(count), explains: explains != 0)
}

/// Where the last answer is.
@_expose(wasm, "output") @_cdecl("hookwalkOutput")
func hookwalkOutput() -> UnsafeMutablePointer<UInt8>? { page.output?.baseAddress }

/// How many bytes the last answer has.
@_expose(wasm, "outputCount") @_cdecl("hookwalkOutputCount")
func hookwalkOutputCount() -> Int32 { Int32(page.output?.count ?? 0) }
