"""What every engine must do alike. A new engine is one more line in `kits.KITS`."""
