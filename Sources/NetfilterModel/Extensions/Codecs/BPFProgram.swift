// Programs of the classic Berkeley Packet Filter: reading, what the kernel refuses, and running.

/// An instruction (kernel: `struct sock_filter`).
public struct BPFInstruction: Hashable, Sendable {
  /// What it does.
  public var code: UInt16
  /// How many instructions are passed over where its test is true.
  public var jumpTrue: UInt8
  /// How many instructions are passed over where its test is false.
  public var jumpFalse: UInt8
  /// Its operand.
  public var operand: UInt32
}

/// A program of the classic Berkeley Packet Filter (kernel: `struct xt_bpf_info`; Documentation/networking/filter.rst).
public struct BPFProgram: Hashable, Sendable {
  /// The most instructions (kernel: `XT_BPF_MAX_NUM_INSTR`).
  public static let maximumLength = 64

  /// The instructions.
  public var instructions: [BPFInstruction] = []

  /// What running it came to.
  public enum Outcome: Hashable, Sendable {
    /// The value that it gave back.
    case returned(UInt32)
    /// It asked for something that only the host knows.
    case unknown
  }

  // MARK: Text

  /// `4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0`: the number of instructions, then each (iptables: `bpf_parse_string`).
  init(_ text: String) throws(OptionError) {
    guard let (count, end) = NumberReader.scanf(text), text[end...].utf8.first == 0x2c else {
      throw OptionError("the program does not begin with the number of its instructions and a comma")
    }
    let length = Int(UInt16(truncatingIfNeeded: count))
    guard length > 0 else { throw OptionError("the program has no instructions") }
    guard length <= Self.maximumLength else {
      throw OptionError("the program has \(length) instructions; at most \(Self.maximumLength) are allowed")
    }
    var rest = WordList.cut(text[...], at: 0x2c).1
    while let words = rest, !words.isEmpty {
      guard instructions.count < length else {
        throw OptionError("the program has more instructions than the \(length) that it names")
      }
      let (word, others) = WordList.cut(words, at: 0x2c)
      instructions.append(try Self.instruction(word, number: instructions.count + 1))
      rest = others
    }
    guard instructions.count == length else {
      throw OptionError("the program has \(instructions.count) instructions, not the \(length) that it names")
    }
  }

  /// Four decimal numbers; what stands behind them does not count (sscanf(3) with `%hu %hhu %hhu %u`).
  private static func instruction(_ text: Substring, number: Int) throws(OptionError) -> BPFInstruction {
    var rest = text
    var values: [UInt64] = []
    while values.count < 4 {
      guard let (value, end) = NumberReader.scanf(rest) else {
        throw OptionError("instruction \(number) `\(text)` is not four numbers")
      }
      values.append(value)
      rest = rest[end...]
    }
    return BPFInstruction(
      code: UInt16(truncatingIfNeeded: values[0]), jumpTrue: UInt8(truncatingIfNeeded: values[1]),
      jumpFalse: UInt8(truncatingIfNeeded: values[2]), operand: UInt32(truncatingIfNeeded: values[3]))
  }

  /// The instructions without their number.
  var text: String {
    instructions.map { "\($0.code) \($0.jumpTrue) \($0.jumpFalse) \($0.operand)" }.joined(separator: ",")
  }

  // MARK: What the kernel refuses

  /// The codes that there are (kernel: `chk_code_allowed`).
  private static let codes: Set<UInt16> = {
    var codes: Set<UInt16> = [
      Code.loadWord, Code.loadHalf, Code.loadByte, Code.loadLength, Code.loadWordIndirect, Code.loadHalfIndirect,
      Code.loadByteIndirect, Code.loadImmediate, Code.loadMemory, Code.loadXLength, Code.loadXHeaderLength,
      Code.loadXImmediate, Code.loadXMemory, Code.store, Code.storeX, Code.toX, Code.toA, Code.returnConstant,
      Code.returnA, Code.jump, Code.negate,
    ]
    for operation in stride(from: UInt16(0), through: 0xa0, by: 0x10) where operation != 0x80 {
      codes.formUnion([Code.arithmetic | operation, Code.arithmetic | operation | Code.withX])
    }
    for test in [UInt16(0x10), 0x20, 0x30, 0x40] { codes.formUnion([Code.test | test, Code.test | test | Code.withX]) }
    return codes
  }()

  /// The codes and their parts (kernel: `include/uapi/linux/bpf_common.h`).
  private enum Code {
    static let loadWord: UInt16 = 0x20
    static let loadHalf: UInt16 = 0x28
    static let loadByte: UInt16 = 0x30
    static let loadLength: UInt16 = 0x80
    static let loadWordIndirect: UInt16 = 0x40
    static let loadHalfIndirect: UInt16 = 0x48
    static let loadByteIndirect: UInt16 = 0x50
    static let loadImmediate: UInt16 = 0x00
    static let loadMemory: UInt16 = 0x60
    static let loadXLength: UInt16 = 0x81
    static let loadXHeaderLength: UInt16 = 0xb1
    static let loadXImmediate: UInt16 = 0x01
    static let loadXMemory: UInt16 = 0x61
    static let store: UInt16 = 0x02
    static let storeX: UInt16 = 0x03
    static let arithmetic: UInt16 = 0x04
    static let negate: UInt16 = 0x84
    static let test: UInt16 = 0x05
    static let jump: UInt16 = 0x05
    static let withX: UInt16 = 0x08
    static let returnConstant: UInt16 = 0x06
    static let returnA: UInt16 = 0x16
    static let toX: UInt16 = 0x07
    static let toA: UInt16 = 0x87
  }

  /// The words of memory (kernel: `BPF_MEMWORDS`).
  private static let memoryWords: UInt32 = 16
  /// Where what stands beside the packet begins (kernel: `SKF_AD_OFF`).
  private static let besides: UInt32 = 0xffff_f000
  /// Where the network header begins (kernel: `SKF_NET_OFF`).
  private static let network: UInt32 = 0xfff0_0000

  /// Why the kernel refuses the program; nil when it takes it (kernel: `bpf_check_classic`, `check_load_and_stores`).
  var refusal: String? {
    let count = instructions.count
    for (place, one) in instructions.enumerated() {
      let name = "instruction \(place + 1)"
      guard Self.codes.contains(one.code) else { return "\(name) has the code \(one.code), which there is not" }
      switch one.code {
      case Code.arithmetic | 0x30, Code.arithmetic | 0x90:
        if one.operand == 0 { return "\(name) divides by zero" }
      case Code.arithmetic | 0x60, Code.arithmetic | 0x70:
        if one.operand >= 32 { return "\(name) shifts by more than 31 bits" }
      case Code.loadMemory, Code.loadXMemory, Code.store, Code.storeX:
        if one.operand >= Self.memoryWords { return "\(name) means a word of memory that there is not" }
      case Code.jump:
        if UInt64(one.operand) >= UInt64(count - place - 1) { return "\(name) leads behind the end" }
      case _ where one.code & 7 == Code.test:
        if place + Int(one.jumpTrue) + 1 >= count || place + Int(one.jumpFalse) + 1 >= count {
          return "\(name) leads behind the end"
        }
      case Code.loadWord, Code.loadHalf, Code.loadByte:
        // 0 to 60 in steps of 4, and no other.
        if one.operand >= Self.besides, one.operand - Self.besides > 60 || one.operand % 4 != 0 {
          return "\(name) loads something beside the packet that there is not"
        }
      default: break
      }
    }
    guard let last = instructions.last, last.code == Code.returnConstant || last.code == Code.returnA else {
      return "the program does not end by returning"
    }
    return uninitialized.map { "instruction \($0 + 1) loads a word of memory that was not stored" }
  }

  /// The place of the first instruction that loads a word which some way to it did not store.
  private var uninitialized: Int? {
    var arriving = [UInt16](repeating: .max, count: instructions.count)
    var stored: UInt16 = 0
    let leads = { (arriving: inout [UInt16], place: Int, stored: UInt16) in
      if arriving.indices.contains(place) { arriving[place] &= stored }
    }
    for (place, one) in instructions.enumerated() {
      stored &= arriving[place]
      switch one.code {
      case Code.store, Code.storeX: stored |= 1 << UInt16(truncatingIfNeeded: one.operand & 15)
      case Code.loadMemory, Code.loadXMemory:
        if stored >> UInt16(truncatingIfNeeded: one.operand & 15) & 1 == 0 { return place }
      case Code.jump:
        leads(&arriving, place &+ 1 &+ Int(one.operand), stored)
        stored = .max
      case _ where one.code & 7 == Code.test:
        leads(&arriving, place + 1 + Int(one.jumpTrue), stored)
        leads(&arriving, place + 1 + Int(one.jumpFalse), stored)
        stored = .max
      default: break
      }
    }
    return nil
  }

  // MARK: Running

  /// Runs the program on a packet (kernel: `bpf_prog_run`); a load from outside the packet and a division by zero return
  /// 0. Jumps lead forwards alone, so that it ends.
  func run(_ packet: borrowing PacketContext) -> Outcome {
    var (a, x): (UInt32, UInt32) = (0, 0)
    var memory = [UInt32](repeating: 0, count: Int(Self.memoryWords))
    var place = 0
    while instructions.indices.contains(place) {
      let one = instructions[place]
      place += 1
      let operand = one.operand
      switch one.code {
      case Code.loadWord, Code.loadHalf, Code.loadByte:
        if operand >= Self.besides {
          guard let value = Self.beside(operand - Self.besides, packet, a: a, x: x) else { return .unknown }
          a = value
          continue
        }
        switch Self.load(operand, one.code & 0x18, packet.packet.bytes) {
        case .returned(let value): a = value
        case .unknown: return .unknown
        case nil: return .returned(0)
        }
      case Code.loadWordIndirect, Code.loadHalfIndirect, Code.loadByteIndirect:
        switch Self.load(x &+ operand, one.code & 0x18, packet.packet.bytes) {
        case .returned(let value): a = value
        case .unknown: return .unknown
        case nil: return .returned(0)
        }
      case Code.loadXHeaderLength:
        switch Self.load(operand, 0x10, packet.packet.bytes) {
        case .returned(let value): x = (value & 15) << 2
        case .unknown: return .unknown
        case nil: return .returned(0)
        }
      case Code.loadLength: a = UInt32(truncatingIfNeeded: packet.length)
      case Code.loadXLength: x = UInt32(truncatingIfNeeded: packet.length)
      case Code.loadImmediate: a = operand
      case Code.loadXImmediate: x = operand
      case Code.loadMemory: a = memory[Int(operand & 15)]
      case Code.loadXMemory: x = memory[Int(operand & 15)]
      case Code.store: memory[Int(operand & 15)] = a
      case Code.storeX: memory[Int(operand & 15)] = x
      case Code.toX: x = a
      case Code.toA: a = x
      case Code.returnConstant: return .returned(operand)
      case Code.returnA: return .returned(a)
      case Code.jump: place &+= Int(operand)
      case Code.negate: a = 0 &- a
      case _ where one.code & 7 == Code.test:
        let other = one.code & Code.withX == 0 ? operand : x
        let isTrue =
          switch one.code & 0xf0 {
          case 0x10: a == other
          case 0x20: a > other
          case 0x30: a >= other
          default: a & other != 0
          }
        place += Int(isTrue ? one.jumpTrue : one.jumpFalse)
      default:
        guard let result = Self.calculated(one.code & 0xf0, a, one.code & Code.withX == 0 ? operand : x) else {
          return .returned(0)
        }
        a = result
      }
    }
    return .returned(0)
  }

  /// A calculation; nil for a division by zero.
  private static func calculated(_ operation: UInt16, _ a: UInt32, _ other: UInt32) -> UInt32? {
    switch operation {
    case 0x00: a &+ other
    case 0x10: a &- other
    case 0x20: a &* other
    case 0x30: other == 0 ? nil : a / other
    case 0x40: a | other
    case 0x50: a & other
    case 0x60: a &<< other
    case 0x70: a &>> other
    case 0x90: other == 0 ? nil : a % other
    default: a ^ other
    }
  }

  /// Loads from the packet; nil where it has not as many bytes (kernel: `bpf_skb_load_helper_32`).
  private static func load(_ offset: UInt32, _ size: UInt16, _ bytes: [UInt8]) -> Outcome? {
    var start = Int(offset)
    if offset > UInt32(Int32.max) {
      // The link layer is not known, and what lies before the packet even less.
      guard offset >= network else { return .unknown }
      start = Int(offset - network)
    }
    let count = size == 0x10 ? 1 : size == 0x08 ? 2 : 4
    guard bytes.count &- start >= count else { return nil }
    switch count {
    case 1: return .returned(UInt32(bytes.byte(at: start)))
    case 2: return .returned(UInt32(bytes.uint16(at: start)))
    default: return .returned(bytes.uint32(at: start))
    }
  }

  /// What stands beside the packet; nil for what only the host knows (kernel: `convert_bpf_extensions`).
  private static func beside(_ what: UInt32, _ packet: borrowing PacketContext, a: UInt32, x: UInt32) -> UInt32? {
    switch what {
    case 0: packet.header.family == .ipv4 ? 0x0800 : 0x86dd
    case 4: UInt32(packet.packet.type.rawValue)
    case 20: packet.packet.mark
    case 40: a ^ x
    default: nil
    }
  }
}
