-- nvim --headless --clean -u neovim_check.lua policy.toon ; NECTARC_PYTHON, NECTARC_NEOVIM (the plugin's folder)
-- Writes a JSON object a line for each thing that a person would do; ends with status 1 where one fails.
vim.opt.runtimepath:prepend(vim.env.NECTARC_NEOVIM)
vim.cmd("filetype plugin on | syntax on")
local function out(event)
  io.stdout:write(vim.json.encode(event), "\n")
end
require("nectarc").setup({
  cmd = { vim.env.NECTARC_PYTHON, "-m", "nectarc_lsp" },
  settings = { proofs = { delay = 20 } },
})

local function run()
  local buffer = vim.api.nvim_get_current_buf()
  assert(vim.bo[buffer].filetype == "toon", "filetype " .. vim.bo[buffer].filetype)
  assert(vim.wait(20000, function()
    return #vim.lsp.get_active_clients() > 0 and vim.lsp.get_active_clients()[1].initialized
  end, 50), "the server did not start")
  local client = vim.lsp.get_active_clients()[1]
  local function diagnostics(count)
    assert(vim.wait(30000, function()
      return count(#vim.diagnostic.get(buffer))
    end, 50), "diagnostics: " .. vim.inspect(vim.diagnostic.get(buffer)))
    return vim.diagnostic.get(buffer)
  end
  local function ask(method, needle, inside, extra)
    for row, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local start = line:find(needle, 1, true)
      if start then
        local params = vim.tbl_extend("force", {
          textDocument = vim.lsp.util.make_text_document_params(buffer),
          position = { line = row - 1, character = start - 1 + (inside or 0) },
        }, extra or {})
        local answer = client.request_sync(method, params, 20000, buffer)
        assert(answer and not answer.err, method .. " failed: " .. vim.inspect(answer))
        return answer.result
      end
    end
    error("no line holds " .. needle)
  end

  for _, one in ipairs(diagnostics(function(count) return count > 0 end)) do
    out({ event = "diagnostic", code = one.code, line = one.lnum + 1, message = one.message })
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.fn.readfile(vim.env.NECTARC_GOOD))
  diagnostics(function(count) return count == 0 end)
  out({ event = "mended" })

  local hover = ask("textDocument/hover", "http.status", 2)
  out({ event = "hover", text = hover.contents.value })
  local found = ask("textDocument/completion", "duration", 3)
  local labels = {}
  for _, one in ipairs(found.items or found) do
    labels[#labels + 1] = one.label
  end
  out({ event = "completion", labels = labels })
  local edit = ask("textDocument/rename", "keep-slow", 1, { newName = "keep-the-slow" })
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
  out({ event = "rename", text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") })
  vim.lsp.buf.formatting_sync(nil, 20000)
  out({ event = "format", text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n") })
  local symbols = ask("textDocument/documentSymbol", "rules", 0)
  out({ event = "symbols", names = vim.tbl_map(function(one) return one.name end, symbols) })

  client.stop()
  assert(vim.wait(10000, function() return client.is_stopped() end, 50), "the server did not stop")
  out({ event = "stopped" })
end

vim.api.nvim_create_autocmd("VimEnter", { callback = function()
  vim.schedule(function()
    local fine, problem = xpcall(run, debug.traceback)
    if not fine then
      out({ event = "FAIL", message = problem })
      vim.cmd("cquit 1")
    end
    vim.cmd("qall!")
  end)
end })
