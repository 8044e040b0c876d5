// The command line: argument handling only. See run/ for what happens.
int main() { return 0; }
