// -m nfacct: counts packets in an accounting object.

/// Counts the packet in an accounting object, and matches (kernel: `nfacct_mt`; man page: iptables-extensions, nfacct).
public struct NfacctMatch: MatchExtension {
  /// The name of the object, 1...31 bytes.
  public var name: String?
  /// Makes the match before any option was read.
  public init() {}

  /// The facts.
  public static let spec = ExtensionSpec(
    "nfacct", summary: "counts packets in an accounting object",
    outside: "accounting objects: none is known to be there")

  /// The option table.
  public static let options: [OptionSpec<NfacctMatch>] = [
    OptionSpec(
      "nfacct-name", isMandatory: true, placeholder: "name",
      parse: { (owner, argument) throws(OptionError) in
        guard !argument.text.utf8.contains(10) else { throw OptionError("the name has a newline in it") }
        owner.name = try ValueCodec.copied(maximum: 31, minimum: 1).parse(argument)
      },
      save: { owner, writer in if let name = owner.name { writer.option("nfacct-name", SaveWriter.quoted(name)) } })
  ]

  /// Refuses an object that is not known to be there (kernel: `nfacct_mt_checkentry`).
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    OptionError(
      "the kernel refuses the name of an accounting object that is not there, as `\(name ?? "")` here",
      help: "`nfacct add` makes one; objects of the host are not known here",
      tool: "No chain/target/match by that name")
  }

  /// Counts, and holds (kernel: `nfacct_mt`).
  public var conditions: [Condition] { [] }

  /// `nfacct-name x`.
  public func listing(_ style: ListStyle) -> String { "nfacct-name \(SaveWriter.quoted(name ?? ""))" }

  /// Cases that a test runs.
  public static let examples: [ExtensionExample] = [
    .refused("-A INPUT -m nfacct --nfacct-name x"), .refused("-A INPUT -m nfacct --nfacct-name \"\""),
    .refused("-A INPUT -m nfacct"), .refused("-A INPUT -m nfacct --nfacct-name x", family: .ipv6),
  ]
}
