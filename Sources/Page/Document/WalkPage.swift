// A page that shows walks: one file, without a network.

import NetfilterModel
import Simulator

/// Makes the page of `hookwalk trace --format html`.
public struct WalkPage {
  /// What it shows.
  public var data: WalkData

  /// Makes a page.
  public init(_ data: WalkData) { self.data = data }

  /// The page as text.
  public func html(title: String) -> String {
    let title = PageJSON.escaped(title)
    return """
      <!doctype html>
      <html lang="\(data.language)">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(PageText.walkStyle)\(FlowMap.style)</style>
      <main>
      <h1>\(title)</h1>
      <div id="walk"><noscript>This page shows the walk with a script.</noscript></div>
      </main>
      <script type="application/json" id="data">\(PageJSON.inScript(data.json))</script>
      <script>
      \(PageText.walkScript)
      hookwalkShow(document.getElementById("walk"), JSON.parse(document.getElementById("data").textContent), document);
      </script>
      </html>

      """
  }
}
