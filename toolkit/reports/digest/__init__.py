"""The content that all formats share: findings in order, and their effects."""
