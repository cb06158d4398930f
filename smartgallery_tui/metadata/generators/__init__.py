"""Readers of the generation texts of tools other than ComfyUI."""
