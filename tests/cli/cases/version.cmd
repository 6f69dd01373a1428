symlut --version
