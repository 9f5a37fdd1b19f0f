"""The target: Refinery's rules as data, lowering to them, reading and writing them."""
