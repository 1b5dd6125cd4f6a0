// Reads kernel settings.

import NetfilterModel
import Simulator

extension FlowParser {
  /// `KEY = VALUE`, with or without blanks around the sign; gives the place of the key as well.
  mutating func sysctl(_ words: inout WordReader) throws(FlowProblem) -> (FlowSetup, FlowSpan) {
    var keys: [FlowWord] = []
    var values: [FlowWord] = []
    var hasSign = false
    var all = try words.next("a setting, as in `net.ipv4.ip_forward = 1`")
    words.stepBack()
    while let word = words.take() {
      all.range = FlowSpan(joining: all.range, word.range)
      guard !hasSign, let sign = word.text.firstIndex(of: "=") else {
        if hasSign { values.append(word) } else { keys.append(word) }
        continue
      }
      hasSign = true
      let before = word.text[..<sign]
      let after = word.text[word.text.index(after: sign)...]
      if !before.isEmpty {
        keys.append(
          FlowWord(text: String(before), isQuoted: false, range: word.range.part(from: 0, length: before.utf8.count)))
      }
      if !after.isEmpty {
        values.append(
          FlowWord(text: String(after), isQuoted: false, range: word.range.part(from: before.utf8.count + 1)))
      }
    }
    guard hasSign else {
      throw FlowProblem(.missingEquals, all.range, "a setting is written as `KEY = VALUE`")
    }
    let key = keys.map { $0.text }.joined(separator: " ").split(separator: " ")
    let value = values.flatMap { $0.text.split(separator: " ") }.joined(separator: " ")
    guard key.count == 1, let place = keys.first?.range, let first = values.first, let last = values.last,
      !value.isEmpty
    else {
      throw FlowProblem(.missingValue, all.range, "a setting is written as `KEY = VALUE`")
    }
    do throws(KernelSettingError) {
      let setting = try KernelSetting(String(key[0]), value)
      if let effect = setting.notSimulated {
        report(
          FlowProblem(
            .notModelled, place, "`\(key[0])` \(effect)", help: "leave out the interface's addresses and routes of IPv6"
          ),
          .warning)
      } else if !setting.isUsed {
        report(FlowProblem(.unusedSetting, place, "`\(key[0])` has no effect here: the simulation does not ask for it"))
      }
    } catch {
      let range: FlowSpan
      if case .value = error { range = FlowSpan(joining: first.range, last.range) } else { range = place }
      throw FlowProblem(.badSetting, range, error.message, help: error.help)
    }
    return (.sysctl(String(key[0]), value), place)
  }
}
