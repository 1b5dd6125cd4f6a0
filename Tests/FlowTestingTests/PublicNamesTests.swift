// Every public type by its short name, beside Foundation and all libraries: a name that two of them have does not compile.

import FlowTesting
import Foundation
import NetfilterModel
import RuleAnalysis
import RuleScripts
import ShellScript
import Simulator
import Testing

/// A system without commands, so that the type of a shell can be written.
struct NoHost: ShellHost {
  mutating func run(_ call: ShellCall) -> ShellAnswer { ShellAnswer(status: .known(127)) }
  func isSame(as other: NoHost) -> Bool { true }
  func has(command: String) -> Bool { false }
  mutating func write(_ text: ShellValue, to path: String, file: String, place: ShellPlace) {}
}

@Suite struct PublicNamesTests {
  static let types: [Any.Type] = [
    IPSet.self, SetAnswer.self, SetChange.self, SetCheck.self, SetCollection.self, SetCounterTest.self, SetFault.self,
    SetFileParser.self, SetFileResult.self, SetHeader.self, SetKey.self, SetPacketInfo.self, SetPart.self,
    SetPrinter.self, SetQuestion.self, SetReference.self, SetType.self, LintBaseline.self, LintBasis.self,
    LintCatalogue.self, LintCode.self, LintEdit.self, LintFinding.self,
    LintFingerprint.self, LintFix.self, LintFixer.self, LintFormat.self, LintInput.self, LintNote.self, LintPage.self,
    LintPages.self, LintProof.self, LintReport.self, LintSelection.self, Linter.self, OpaqueNature.self,
    AHHeader.self, AddressEnd.self, AddressFamily.self, AddressMatch.self, AddressRange.self,
    AddressType.self, AddressTypeSet.self, ArgumentTokenizer.self, ArgumentWord.self,
    ArgumentWords.self, AssumedHost.self, CRC32c.self,
    Chain.self, ChainGraph.self, Checksum.self, CommandOutcome.self, CommandPrinter.self, CommandTables.self,
    CommandTool.self, HostChange.self, RestoreCall.self, RestoreOptions.self, RestorePlace.self, SaveCall.self,
    ScriptChange.self, ScriptChanges.self, RuleFileKey.self, RuleScript.self, RuleText.self, ScriptOptions.self,
    ShellAnswer.self,
    ShellCall.self,
    ShellDialect.self, (any ShellHost).self, ShellInterpreter<NoHost>.self, ShellLimits.self, ShellNote.self,
    ShellOptions.self, ShellPlace.self, ShellStatus.self, ShellSyntaxError.self, ShellUnknown.self, ShellValue.self,
    ToolRefusal.self, CompiledRules.self, Condition.self, ConditionMiss.self,
    ConditionOrigin.self, ConditionResult.self, ConditionTest.self, ConnbytesDirection.self, ConnbytesMode.self,
    Connection.self, ConnectionDirection.self, ConnectionID.self, ConnectionMarkChange.self,
    ConnectionState.self, ConnectionStateSet.self, ConnectionStatus.self, ConnectionTable.self, ConnectionTemplate.self,
    ConnectionTuple.self, ConntrackAddressCondition.self, ConntrackAddressField.self,
    ConntrackSettings.self, Conversation.self, ConversationError.self, Counters.self,
    ChecksumStanding.self, DSCP.self, DefragmentationResult.self, DefragmentationUser.self,
    Defragmenter.self, DescribedHost.self, Diagnostic.self, DiagnosticCatalogue.self, DiagnosticID.self,
    DiagnosticRenderer.self, Disposition.self, DropCause.self, ESPHeader.self,
    Effect.self, EmittedPacket.self, EmittedRecord.self, ExpectedAnswer.self, ExpiryRange.self, ExplainingObserver.self,
    ExplanationRow.self, ExtensionExample.self, ExtensionHeader.self, ExtensionKind.self, ExtensionOption.self,
    ExtensionRegistry.self, ExtensionSpec.self,
    ExtensionValue.self, Field.self, FieldValue.self, FlowAction.self, FlowDetail.self, FlowDocument.self, FlowEnd.self,
    FlowError.self, FlowExpectation.self, FlowExplanation.self, FlowFailure.self, FlowCase.self, FlowEnding.self,
    FlowOrigin.self,
    FlowOutcome.self, FlowPacket.self, FlowParser.self, FlowPlace.self, FlowReport.self, FlowResult.self,
    FlowSetup.self, FlowStatement.self, FlowStep.self, FlowSuite.self, FlowSuiteOutcome.self,
    FlowTest.self, FlowTestMode.self, FlowTotals.self, FlowVerdict.self, FlowWalk.self, FollowUp.self,
    FragmentOrigin.self, Fragmenter.self, GREHeader.self, HashlimitConfiguration.self, HashlimitMode.self,
    HashlimitTable.self, HeaderOption.self, Hook.self, HookFunction.self,
    HookOrder.self, HookPriority.self, HookRow.self, HookSet.self, HookVerdict.self, HostConfiguration.self,
    HostError.self, HostMemory.self, HostState.self, HostText.self, ICMPCode.self, ICMPMessage.self,
    ICMPNames.self, ICMPTimestamp.self, ICMPType.self, ICMPTypeCondition.self, ICMPv6Message.self, ICMPv6Type.self,
    ICMPv6TypeSet.self,
    IDRange.self, IPAddress.self, IPHeader.self, IPv4Fragmentation.self, IPv4Header.self,
    IPv4Option.self, IPv4OptionKind.self, IPv4TimestampRequest.self, IPv6Extensions.self, IPv6Header.self,
    Interface.self, InterfaceAddress.self, InterfaceLimit.self, InterfaceName.self, InterfacePattern.self,
    Invertible<Int>.self, JSONCondition.self, JSONConnection.self, JSONDisposition.self, JSONEmitted.self,
    JSONEvent.self, JSONPacket.self, JSONPlace.self, JSONReport.self, JSONUndecided.self, JSONWalk.self,
    FlowJSONReport.self, JUnitReport.self, TAPReport.self, KernelClock.self,
    ICMPv6TypeCondition.self, IPv6FragmentHeader.self, IPv6Fragmentation.self, IPv6OptionList.self,
    IPv6Option.self, IPv6OptionAction.self, IPv6OptionKind.self, IPv6HeaderPlace.self, ICMPv6Redirect.self,
    IPv6OptionsHeader.self, IPv6RoutingHeader.self, MHTypeRange.self, MobilityHeader.self, PrefixTranslation.self,
    BPFInstruction.self, BPFProgram.self, CivilTime.self, ClusterHash.self, ConnectionCount.self,
    ConnectionLabels.self, ConnectionLists.self, ConnectionQuestion.self, DCCPHeader.self, HashMark.self,
    HostFacts.self, WalkTurn.self, IPCompHeader.self, JenkinsHash.self, KernelObject.self, PacketDuplicate.self,
    RateComparison.self, SCTPChunkDemand.self, SCTPChunkList.self, TransparentProxy.self, VirtualServerMethod.self,
    SRHComparison.self, NeighbourHeader.self, NeighbourAdvertisementFlags.self, NeighbourOptions.self,
    NeighbourOutcome.self,
    KernelReport.self, LinuxHost.self, ListOptions.self,
    ListPrinter.self, ListStyle.self, LoadableRules.self, LocalStack.self, LogDetail.self, LogRecord.self,
    MaskedHost.self, MaskedTOS.self,
    MaskedValue.self, Match.self,
    (any MatchExtension).self, MatchState.self, MissingInterface.self, MultiportSide.self, NATManipulation.self,
    NATRange.self, NATSpecification.self, DiscoveryMessage.self, NumberRange.self, NumberReader.self, OpaqueTest.self,
    OptionArgument.self,
    OptionArity.self, OptionError.self,
    OptionField<Int, Int>.self, OptionSignature.self, OptionSpec<Int>.self, Packet.self,
    PacketChange.self, PacketContext.self, PacketDescription.self, PacketField.self, PacketIdentity.self,
    PacketOption.self, PacketPosition.self, PacketRate.self, PacketReason.self, PacketSummary.self, PacketText.self,
    PacketType.self, ParsedCommand.self, PolicyDirection.self, PolicyElement.self,
    PolicyMode.self, PortRange.self, ProcName.self, ProtocolNumber.self, ProtocolTracking.self,
    RandomSource.self, RecentOperation.self,
    RecentTable.self, RecordingObserver.self, RejectAnswer.self, RejectKind.self, RestoreCounters.self,
    RestoreParser.self, RestoreResult.self, ReversePathQuestion.self, Route.self, RoutingDecision.self,
    RoutingHint.self, RoutingTableID.self, Rule.self, RuleAction.self, (any RuleExtension).self,
    RuleHeader.self, RuleHit.self, RuleIndex.self, RuleKind.self, RuleMiss.self, (any RulePart).self, RulePlace.self,
    RuleSurroundings.self, Ruleset.self, RulesetCheck.self, RulesetCommand.self, RulesetError.self, RulesetFinding.self,
    RulesetRefusal.self, SCTPChunk.self, SCTPChunkType.self, SCTPConnectionState.self, SCTPHeader.self,
    SCTPTracking.self, SPIRange.self, SavePrinter.self, SaveWriter.self, SavedOutput.self,
    Scenario.self, ScenarioAnswer.self, ScenarioError.self, ScenarioInterface.self, ScenarioPacket.self,
    ScenarioStep.self, ScenarioValue.self, SegmentSize.self, ServiceNames.self, Severity.self, SharedStore.self,
    SilentObserver.self, SocketOwner.self, SourceRange.self, Spelling.self, StatisticMode.self, StepRecord.self,
    Style.self,
    TCPConnectionState.self, TCPFlagLetters.self, TCPFlags.self,
    TCPFlagsCondition.self, TCPHeader.self, TCPOption.self, TCPOptionKind.self, TCPOptionSet.self, TCPOptions.self,
    TCPPeer.self, TCPTracking.self,
    TOSByte.self, TTLChange.self, Table.self, TableKind.self, TableSet.self, Target.self, (any TargetExtension).self,
    TextReport.self,
    TokenizerError.self, TraceRecord.self, TrafficMeasure.self, TranslatedPacket.self, Translation.self,
    TranslationAddress.self, TransportChecksum.self, TransportPorts.self, U32Step.self, UDPHeader.self,
    UndecidedMatch.self, UnknownExtension.self, UnknownPolicy.self, ValueCodec<Int>.self, Verdict.self, Walk.self,
    WalkCursor.self,
    WalkEvent.self, WalkLimits.self, (any WalkObserver).self, WalkStep.self, WrittenDetail.self, WrittenRule.self,
  ]

  /// The types that the sources declare in public, at file scope.
  @Test func theListIsComplete() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources")
    let declaration = /(?m)^(?:  )?public (?:final )?(?:struct|enum|class|protocol) (\w+)/
    var declared: Set<String> = []
    for library in ["ShellScript", "NetfilterModel", "RuleScripts", "Simulator", "FlowTesting", "RuleAnalysis"] {
      let folder = sources.appendingPathComponent(library)
      for path in FileManager.default.enumerator(atPath: folder.path)?.compactMap({ $0 as? String }) ?? []
      where path.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
        // Matches and targets end in a word that no type of Foundation ends in.
        let isExtension = path.contains("Matches/") || path.contains("Targets/")
        for match in text.matches(of: declaration)
        where !match.0.hasPrefix("  ") || text.contains("\n#if !hasFeature(Embedded)\n") {
          if isExtension, match.1.hasSuffix("Match") || match.1.hasSuffix("Target") { continue }
          declared.insert(String(match.1))
        }
      }
    }
    let listed = Set(Self.types.map { String("\($0)".replacing("any ", with: "").prefix { $0 != "<" }) })
    #expect(listed == declared)
  }

  /// A host goes to another task as it is, and the copy there is its own.
  @Test func aHostIsSentToATask() async throws {
    var host = LinuxHost(name: "gw")
    try host.addAddress("203.0.113.1/24", to: "eth0")
    try host.load(Ruleset(parsing: "*filter\n:INPUT DROP [0:0]\nCOMMIT\n", file: "r"))
    let sent = host
    let elsewhere = await Task.detached {
      var copy = sent
      let packet = Packet(hex: "4500002800010000400602c8cb007105cb0071019c4000160000000000000000500220007b840000")
      if let packet { _ = copy.receive(packet, on: "eth0") }
      return copy
    }.value
    #expect(host == sent)
    #expect(elsewhere != host)
    _ = host.receive(
      try #require(Packet(hex: "4500002800010000400602c8cb007105cb0071019c4000160000000000000000500220007b840000")),
      on: "eth0")
    #expect(elsewhere == host)
  }
}
