" TOON files, policies among them. Neovim calls a file that begins with `#` a `conf` file unless told.
autocmd BufRead,BufNewFile *.toon set filetype=toon
