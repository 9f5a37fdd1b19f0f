" Colours before the server answers, and for Neovim below 0.9, which knows no semantic tokens.
if exists("b:current_syntax")
  finish
endif
syntax match toonComment "^\s*#.*$"
syntax match toonKey "^\s*\(- \)\?\zs[A-Za-z_][A-Za-z0-9_.]*\ze\s*[:\[{]"
syntax region toonString start=+"+ skip=+\\.+ end=+"+ oneline contains=toonAction,toonQuantifier,toonLiteral
syntax match toonLiteral "'[^']*'"
syntax match toonNumber "\<-\?\d\+\(\.\d\+\)\?\(ns\|us\|ms\|s\|m\|h\)\?\>"
syntax keyword toonAction keep drop sample deterministic dynamic ema_dynamic ema_throughput windowed_throughput total_throughput
syntax keyword toonQuantifier any all none exists has_root is_root span_count
syntax match toonOperator "\<\(in\|not\|contains\|starts_with\|ends_with\|matches\)\>"
syntax keyword toonBoolean true false
syntax match toonOperator "&&\|||\|[=!<>]=\|[<>]"
highlight default link toonComment Comment
highlight default link toonKey Identifier
highlight default link toonString String
highlight default link toonLiteral String
highlight default link toonNumber Number
highlight default link toonAction Function
highlight default link toonQuantifier Keyword
highlight default link toonOperator Operator
highlight default link toonBoolean Boolean
let b:current_syntax = "toon"
