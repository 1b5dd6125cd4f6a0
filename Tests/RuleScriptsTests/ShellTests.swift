// The shell itself: what dash and bash print, recorded from them, must be what is followed here.

import NetfilterModel
import RuleScripts
import Testing

@Suite struct ShellTests {
  /// A script and what a shell prints for it; `bash` says which.
  struct Case: Sendable, CustomStringConvertible {
    var script: String
    var output: String
    var isBash = false
    var description: String { script }
  }

  static let cases: [Case] = [
    Case(script: "a='x  y'; echo $a \"$a\" '$a'", output: "x y x  y $a\n"),
    Case(
      script: "set -- a 'b c' d; for i in \"$@\"; do echo \"[$i]\"; done; echo $# \"$*\"",
      output: "[a]\n[b c]\n[d]\n3 a b c d\n"),
    Case(
      script: "f=/a/b/c.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#*/} ${#f}",
      output: "c.tar.gz /a/b/c.tar /a/b/c a/b/c.tar.gz 13\n"),
    Case(script: "echo ${x:-d} ${x-e} ${x:+f}; x=1; echo ${x:-d} ${x+f}; : ${y:=7}; echo $y", output: "d e\n1 f\n7\n"),
    Case(
      script: "echo $((1+2*3)) $((7/2)) $((-7%3)) $((1<<4|1)) $((2>1?5:6)) $((0x1f)) $((010))",
      output: "7 3 -1 17 5 31 8\n"),
    Case(script: "i=1; echo $((i+=4)) $i; echo $((i==5 && i<6 || 0))", output: "5 5\n1\n"),
    Case(
      script: "cat <<E\n$((1+1)) \\$x `echo b`\nE\ncat <<'E'\n$x\nE\ncat <<-E\n\ttab\n\tE", output: "2 $x b\n$x\ntab\n"),
    Case(script: "case abc in a|b) echo 1 ;; a*c) echo 2 ;; *) echo 3 ;; esac", output: "2\n"),
    Case(
      script: "case '*' in '*') echo q ;; esac; case x in [a-c]) echo no ;; [!a-c]) echo yes ;; esac",
      output: "q\nyes\n"),
    Case(script: "f() { echo $1; return 3; }; f a; echo $?; f b || echo no", output: "a\n3\nb\nno\n"),
    Case(script: "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done", output: "1\n3\n"),
    Case(script: "x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x", output: "2\n1\n3\n"),
    Case(
      script: "echo a b c | { read x y; echo \"$y\"; }; printf 'a:b\\n' | while IFS=: read p q; do echo $q; done",
      output: "b c\nb\n"),
    Case(script: "printf '%s-%d|%5s|%-4s|%x\\n' a 7 b c 255; printf '%s\\n' x y", output: "a-7|    b|c   |ff\nx\ny\n"),
    Case(script: "set -e; false || true; if false; then :; fi; ! true; echo here; false; echo not", output: "here\n"),
    Case(script: "true && echo a || echo b; false && echo a || echo b; ! false && echo c", output: "a\nb\nc\n"),
    Case(
      script: "test a = a -a 1 -lt 2; echo $?; [ ! -n '' ]; echo $?; [ x -o ]; [ '' ]; echo $?", output: "0\n0\n1\n"),
    Case(script: "eval 'a=5; echo $a'; a='echo hi'; $a; IFS=,; b=1,2; set -- $b; echo $2", output: "5\nhi\n2\n"),
    Case(script: "echo \"a\\\"b\\$c\\\\\" 'd'\\''e' f\\ g", output: "a\"b$c\\ d'e f g\n"),
    Case(script: "f() { local a=1; echo $a; }; a=0; f; echo $a; unset a; echo \"[$a]\"", output: "1\n0\n[]\n"),
    Case(
      script:
        "echo one two three | cut -d' ' -f2; echo a:b | awk -F: '{print $2}'; echo abc | sed 's/b/X/'; echo xay | tr a -",
      output: "two\nb\naXc\nx-y\n"),
    Case(
      script:
        "printf 'a\\nb\\nab\\n' | grep -c b; printf 'a\\nb\\n' | grep -v a; printf '1\\n2\\n3\\n' | head -n 2 | tail -n 1; printf 'a\\nb\\n' | wc -l",
      output: "2\nb\n2\n2\n"),
    Case(
      script: "n=0; while [ $n -lt 3 ]; do n=$((n+1)); done; echo $n; until [ $n -eq 0 ]; do n=$((n-1)); done; echo $n",
      output: "3\n0\n"),
    Case(
      script: "a=1 b=2; echo $a$b; a=5 true; echo $a; echo $(echo $(echo deep)) `echo \\`echo old\\``",
      output: "12\n1\ndeep old\n"),
    Case(script: "f() { shift; echo $1 $#; }; f a b c; basename /x/y.sh .sh; dirname /x/y", output: "b 2\ny\n/x\n"),
    Case(script: "trap 'echo bye' EXIT; echo hi; exit 4", output: "hi\nbye\n"),
    Case(script: "seq 1 3 | while read i; do echo -n \"$i \"; done; echo; expr 3 + 4", output: "1 2 3 \n7\n"),
    Case(
      script: "a=(x 'y z' w); echo ${#a[@]} \"${a[1]}\" ${a[*]}; a+=(v); echo ${a[-1]} ${!a[@]}",
      output: "3 y z x y z w\nv 0 1 2 3\n", isBash: true),
    Case(script: "echo {a,b}{1,2} x{1..3}y {a,b {1..1}", output: "a1 a2 b1 b2 x1y x2y x3y {a,b 1\n", isBash: true),
    Case(script: "declare -A m=([k]=v [l]=w); m[z]=q; echo ${m[k]} ${m[z]} ${#m[@]}", output: "v q 3\n", isBash: true),
    Case(
      script: "x=Hello; echo ${x^^} ${x,,} ${x/l/L} ${x//l/L} ${x:1:3} ${x: -2} ${x/#H/J}",
      output: "HELLO hello HeLlo HeLLo ell lo Jello\n", isBash: true),
    Case(
      script: "[[ abc == a*c && 5 -gt 3 ]]; echo $?; [[ eth0 =~ ^eth[0-9]+$ ]]; echo $?; [[ -z '' || x ]]; echo $?",
      output: "0\n0\n0\n", isBash: true),
    Case(
      script: "for ((i=0;i<3;i++)); do echo -n $i; done; echo; ((5>3)) && echo yes; let x=2*4; echo $x",
      output: "012\nyes\n8\n", isBash: true),
    Case(
      script: "read -r a b <<< 'p q r'; echo \"$b\"; echo -e 'x\\ty'; v=n; n=5; echo ${!v}", output: "q r\nx\ty\n5\n",
      isBash: true),
    Case(
      script: "f() { local -a l=(1 2); local y=$1; echo ${l[1]} $y; }; f 'a b'; readonly R=1; export E=2; echo $R$E",
      output: "2 a b\n12\n", isBash: true),
    Case(
      script: "case x in x) echo 1 ;& y) echo 2 ;; z) echo 3 ;; esac; function g { echo $#; }; g 'a b' c",
      output: "1\n2\n2\n", isBash: true),
  ]

  @Test(arguments: cases) func aScriptPrintsWhatItsShellPrints(_ one: Case) {
    let script = RuleScript.read(
      Array((one.isBash ? "#!/bin/bash\n" : "#!/bin/sh\n").utf8) + Array((one.script + "\n").utf8), file: "s")
    #expect(script.output == one.output)
    #expect(!script.hasErrors, "\(script.diagnostics)")
  }
}
