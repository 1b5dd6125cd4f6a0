// A reader that goes away, with and without the signal that usually ends the writer.

import Foundation
import Testing

#if os(Linux)
  @Suite struct ClosedPipeTests {
    /// Runs a shell command whose standard output nobody reads any more; `$0` is the built command.
    private func run(_ script: String) throws -> (code: Int32, reason: Process.TerminationReason, errors: String) {
      let process = Process()
      let (output, errors) = (Pipe(), Pipe())
      try output.fileHandleForReading.close()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script, CommandTests.command.path]
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let text = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, process.terminationReason, String(decoding: text, as: UTF8.self))
    }

    @Test func aReaderThatWentAwayIsNoError() throws {
      let ended = try run("trap '' PIPE; exec \"$0\" map")
      #expect(ended.reason == .exit)
      #expect(ended.code == 0)
      #expect(ended.errors == "")
    }
  }
#endif
