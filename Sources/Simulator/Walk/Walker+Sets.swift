// Performs what SET does.

import NetfilterModel

extension Walker {
  /// Adds to a set, removes from one, and takes over what an entry gives (kernel: `set_target_v3`).
  mutating func changeSets(_ change: SetChange, _ flight: inout Flight) -> EffectResult {
    let now = KernelClock.jiffies(at: state.now)
    if let add = change.add, let place = state.memory.sets.place(of: add.name),
      let why = state.memory.sets.add(
        place, flight.context, add.sources, timeout: change.timeout, exists: change.exists, now: now)
    {
      return .unknown(why)
    }
    if let remove = change.remove, let place = state.memory.sets.place(of: remove.name),
      let why = state.memory.sets.remove(place, flight.context, remove.sources, now: now)
    {
      return .unknown(why)
    }
    guard let map = change.map, let place = state.memory.sets.place(of: map.name) else { return .goesOn }
    switch state.memory.sets.test(place, flight.context, SetQuestion(sources: map.sources), now: now) {
    case .yes(let info):
      let info = info ?? SetPacketInfo()
      if change.mapsMark {
        flight.context.packet.mark = flight.context.packet.mark & ~info.markMask ^ info.mark
      }
      if change.mapsPriority { flight.context.packet.priority = info.priority }
      return .goesOn
    case .no, .excluded: return .goesOn
    case .unknown(let why): return .unknown(why)
    }
  }
}
