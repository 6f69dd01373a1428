# a stranger's table through the whole path; nothing but the commands' own messages on stderr
sh "$CASES/stranger.sh" constant
