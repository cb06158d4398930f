"""Files to pixels: pictures in a pool of decode processes, video through ffmpeg.

The modules are imported one by one: what runs in a decode process must stay small.
"""
