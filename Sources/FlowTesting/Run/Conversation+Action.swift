// The packet that a step starts.

import NetfilterModel
import Simulator

extension Conversation {
  /// The packet that an action starts; nil for one that starts none.
  ///
  /// - Throws: `ConversationError` when it follows a packet and cannot be made.
  public func packet(of action: FlowAction) throws(ConversationError) -> FlowPacket? {
    switch action {
    case .packet(let packet): try filled(packet)
    case .reply(let followUp): try reply(followUp)
    case .again(let followUp): try again(followUp)
    case .wait, .flushConntrack, .loadRules, .seed: nil
    }
  }
}
