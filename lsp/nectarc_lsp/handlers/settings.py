"""The client's settings: asked for at the start, taken when they change.

Owns: names and types of settings. Must not know: what they change.
"""

from __future__ import annotations

from collections.abc import Mapping

from lsprotocol import types

from nectarc_lsp.handlers.session import LOG, NectarcServer, Settings, handles

_SECTION = "nectarc"


def register(server: NectarcServer) -> None:
    """Install the handlers."""

    async def ask() -> None:
        workspace = server.capabilities.workspace
        if workspace is None or not workspace.configuration:
            return
        item = types.ConfigurationItem(section=_SECTION)
        (found,) = await server.workspace_configuration_async(
            types.ConfigurationParams(items=[item])
        )
        _take(server, found)

    @handles(server, types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        for told in server.on_initialized:
            await told()
        await ask()

    @handles(server, types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def changed(params: types.DidChangeConfigurationParams) -> None:
        told = params.settings
        if isinstance(told, Mapping) and isinstance(told.get(_SECTION), Mapping):
            _take(server, told[_SECTION])
        else:
            await ask()


def _take(server: NectarcServer, found: object) -> None:
    if not isinstance(found, Mapping):
        return
    before = server.settings
    server.settings = read_settings(found)
    server.database.rules_files = server.settings.rules_files
    if server.settings != before:
        for told in server.on_settings:
            told()


def read_settings(found: Mapping[str, object]) -> Settings:
    """Return the settings of section `nectarc`; what has another type keeps its default."""
    usual = Settings()

    def at(path: str, default: object) -> object:
        value: object = found
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is None:
            return default
        is_number = isinstance(default, float) and isinstance(value, int | float)
        if isinstance(value, bool) != isinstance(default, bool) or not (
            is_number or isinstance(value, type(default))
        ):
            LOG.warning("the setting %s.%s is not understood: %r", _SECTION, path, value)
            return default
        return value

    globs = at("rulesFiles", [])
    delay = at("proofs.delay", usual.proofs_delay * 1000)
    assert isinstance(globs, list)  # the type of the default, as `at` has it
    assert isinstance(delay, int | float)
    return Settings(
        inline_completion=bool(at("inlineCompletion.enabled", usual.inline_completion)),
        inline_engine=str(at("inlineCompletion.engine", usual.inline_engine)),
        share_values=bool(at("claude.shareValues", usual.share_values)),
        proofs=bool(at("proofs.enabled", usual.proofs)),
        proofs_delay=max(0.0, float(delay) / 1000),
        code_lens=bool(at("codeLens.enabled", usual.code_lens)),
        inlay_hints=bool(at("inlayHints.enabled", usual.inlay_hints)),
        rules_files=tuple(str(one) for one in globs),
    )
