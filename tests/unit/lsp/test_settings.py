"""The client's settings."""

from __future__ import annotations

from nectarc_lsp.handlers.session import Settings
from nectarc_lsp.handlers.settings import read_settings


def test_nothing_said_means_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_each_setting_is_read() -> None:
    found = read_settings(
        {
            "inlineCompletion": {"enabled": True, "engine": "offline"},
            "claude": {"shareValues": True},
            "proofs": {"enabled": False, "delay": 50},
            "codeLens": {"enabled": False},
            "inlayHints": {"enabled": False},
            "rulesFiles": ["deploy/*.yaml"],
        }
    )

    assert found == Settings(
        inline_completion=True,
        inline_engine="offline",
        share_values=True,
        proofs=False,
        proofs_delay=0.05,
        code_lens=False,
        inlay_hints=False,
        rules_files=("deploy/*.yaml",),
    )


def test_another_type_keeps_the_default() -> None:
    assert read_settings({"proofs": {"enabled": "yes", "delay": True}}) == Settings()
    assert read_settings({"proofs": 3, "rulesFiles": "x.yaml"}) == Settings()
